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

    @Test func `outputs that are written are all of one run, also those that are shortened`() throws
    {
        let fixture = try Fixture()
        let date = "$(date -u '+%Y-%m-%d %H:%M:%S')"
        fixture.write(
            "page.md",
            """
            ```console
            $ echo "\(date) is now"
            2000-01-01 00:00:00 is now
            $ echo "first"; echo "now is \(date), a second, and more"; echo "last"
            …
            now is 2000-01-01 00:00:00, … more
            …
            $ echo 'something else'
            something
            ```

            """)
        let result = try ChildProcess.run(
            ["python3", Self.script] + Self.tools + [fixture.directory.file("page.md")])
        #expect(result.code == 0, "\(result.errors)")
        let time = /20[1-9]\d-\d\d-\d\d \d\d:\d\d:\d\d/
        #expect(
            fixture.read("page.md").replacing(time, with: "TIME") == """
                ```console
                $ echo "\(date) is now"
                TIME is now
                $ echo "first"; echo "now is \(date), a second, and more"; echo "last"
                …
                now is TIME, … more
                …
                $ echo 'something else'
                something else
                ```

                """)
    }

    private func check(_ fixture: Fixture) throws -> ChildProcess.Result {
        try ChildProcess.run(
            ["python3", Self.script, "--check"] + Self.tools + [fixture.directory.file("page.md")])
    }
}
