import SystemCalls
import TestSupport
import Testing

/// The version, CHANGELOG.md, and what docs/compatibility.md promises about old names.
@Suite struct ReleaseTests {
    private static let tools = [
        "deploy-with-lock", "check-deploy-lock", "check-deploy-queue", "deploystats",
        "deploy-dashboard",
    ]

    private func text(_ path: String) throws -> String {
        String(decoding: try FileSystem.read(Repository.path(path)), as: UTF8.self)
    }

    /// The headings of releases, newest first.
    private func releases() throws -> [(version: String, date: String)] {
        try text("CHANGELOG.md").matches(of: /\n## (\S+) \((\d{4}-\d\d-\d\d)\)\n/)
            .map { (String($0.output.1), String($0.output.2)) }
    }

    @Test(arguments: tools) func `a tool has the version of the newest release in CHANGELOG`(
        _ tool: String
    ) throws {
        let newest = try #require(try releases().first)
        let result = try ChildProcess.run([BuiltTool.path(tool), "--version"])
        #expect(result.output == "\(newest.version)\n")
        #expect(result.code == 0)
    }

    @Test func `the version is written in one place`() throws {
        let version = try #require(try releases().first).version
        let places = try ChildProcess.run([
            "grep", "-rnF", "--include=*.swift", "--include=*.h", "\"\(version)\"",
            Repository.path("Sources"), Repository.path("Tests"), Repository.path("Package.swift"),
        ]).output
        #expect(places.split(separator: "\n").count == 1, "\(places)")
        #expect(places.contains("/CommandSupport/Tool.swift:"))
    }

    @Test func `CHANGELOG has releases from new to old, each by kind of change`() throws {
        let releases = try releases()
        #expect(!releases.isEmpty)
        #expect(releases.map(\.date) == releases.map(\.date).sorted(by: >))
        let changes = try text("CHANGELOG.md")
        let headings = changes.matches(of: /\n(##+) ([^\n]+)/).map {
            (level: $0.output.1.count, name: String($0.output.2))
        }
        let kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
        for heading in headings where heading.level > 2 {
            #expect(heading.level == 3 && kinds.contains(heading.name), "\(heading)")
        }
        let others = headings.filter { heading in
            heading.level == 2
                && !releases.contains { "\($0.version) (\($0.date))" == heading.name }
        }
        #expect(others.allSatisfy { $0.name == "Unreleased" }, "\(others)")
    }

    @Test func `every old name on the page is one that a tool gives a hint about`() throws {
        let fixture = try Fixture()
        let rows = try text("docs/compatibility.md")
            .matches(of: /\n\| `([a-z-]+) (--[a-z-]+)` \| `(--[a-z-]+)` \|/)
        #expect(rows.count == 3)
        for row in rows {
            let (tool, old, new) = (row.output.1, String(row.output.2), row.output.3)
            let errors =
                tool == "deploy-with-lock"
                ? try fixture.run([old, "--ref", "main", "true"]).errors
                : try fixture.look(["--force-unlock", "--yes", "--reason", "x", old, "1"]).errors
            #expect(errors.contains("\(tool): hint: \(old) is now called \(new);"), "\(errors)")
        }
        let known = try ChildProcess.run([
            "grep", "-c", "= OldSpelling(",
            Repository.path("Sources/CommandSupport/OldSpelling.swift"),
        ]).output
        #expect(known == "\(rows.count)\n")
    }
}
