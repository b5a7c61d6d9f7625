import SystemCalls
import TestSupport
import Testing

/// The commands in the documents run, and print what the documents show.
@Suite struct TranscriptTests {
    private static let script = Repository.path("scripts/generate/transcripts.py")
    /// A folder of static binaries may be without the dashboard.
    private static let tools = ["deploystats", "deploy-dashboard"].flatMap {
        ["--tools", Path.parent(of: BuiltTool.path($0))]
    }

    private static let pages: [String] = {
        let listed = try? ChildProcess.run(["python3", script, "--list"]).output
        return (listed ?? "").split(separator: "\n").map(String.init)
    }()

    @Test(arguments: pages) func `the commands of a page print what it shows`(page: String) throws {
        let result = try ChildProcess.run(
            ["python3", Self.script, "--check"] + Self.tools + [Repository.path(page)])
        #expect(result.code == 0, "\(result.errors)")
    }

    @Test func `README and the guides have commands that are run`() {
        for page in ["README.md", "docs/deploy-with-lock.md", "docs/deploystats.md"] {
            #expect(Self.pages.contains(page), "\(page)")
        }
    }

    @Test func `a page that shows something else is found`() throws {
        let fixture = try Fixture()
        fixture.write(
            "page.md",
            """
            ```console
            $ deploystats --version
            0.0.0
            $ deploy-with-lock --quiet -- sh -c 'echo one; echo two; echo three'
            …
            two
            th…
            …
            ```
            <!-- not run: it would fail -->
            ```sh
            false
            ```

            """)
        let result = try check(fixture)
        #expect(result.code == 1)
        #expect(result.errors.contains("page.md:2: $ deploystats --version"), "\(result.errors)")
        #expect(result.errors.contains("\n-0.0.0\n"))
        #expect(!result.errors.contains("page.md:4"), "\(result.errors)")
    }

    @Test func `a command that fails on a page is found`() throws {
        let fixture = try Fixture()
        fixture.write("page.md", "```sh\ndeploy-with-lock --quiet --no-such true\n```\n")
        let result = try check(fixture)
        #expect(result.code == 1)
        #expect(result.errors.contains("unknown option '--no-such'"), "\(result.errors)")
    }

    private func check(_ fixture: Fixture) throws -> ChildProcess.Result {
        try ChildProcess.run(
            ["python3", Self.script, "--check"] + Self.tools + [fixture.directory.file("page.md")])
    }
}
