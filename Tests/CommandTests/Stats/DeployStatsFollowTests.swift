import Glibc
import SQLite
import SystemCalls
import TestSupport
import Testing

@Suite("deploystats while things happen")
struct DeployStatsFollowTests {
    private func follow(
        _ fixture: Fixture, _ arguments: String...
    ) throws -> ChildProcess {
        try ChildProcess(
            [BuiltTool.path("deploystats"), "events", "--follow"] + arguments,
            environment: fixture.environment(["TZ": "UTC"]))
    }

    private func waitFor(_ child: ChildProcess, _ text: String) throws {
        try #require(eventually { child.output.contains(text) }, "\(child.output)\(child.errors)")
    }

    @Test func `new events are printed as they come, and an interrupt ends --follow cleanly`()
        throws
    {
        let fixture = try Fixture()
        #expect(try fixture.run(["echo", "first"]).code == 0)
        let child = try follow(fixture)
        try waitFor(child, "$ echo first")
        #expect(try fixture.run(["echo", "second"]).code == 0)
        try waitFor(child, "$ echo second")
        #expect(try fixture.run(["sh", "-c", "exit 5"]).code == 5)
        try waitFor(child, "exit code 5")
        child.kill(SIGINT)
        let result = try child.finish()
        #expect(result.code == 0)
        #expect(result.errors.isEmpty)
        #expect(result.output.split(separator: "\n").count == 9)
    }

    @Test func `--follow continues with a ledger that replaces another`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["echo", "old"]).code == 0)
        let child = try follow(fixture, "--format", "ndjson")
        try waitFor(child, #"["echo","old"]"#)
        for suffix in ["", "-wal", "-shm"] where fixture.exists("state/ledger.db" + suffix) {
            let path = fixture.ledger + suffix
            try FileSystem.rename(path, to: fixture.directory.file("old.db" + suffix))
        }
        #expect(try fixture.run(["echo", "new"]).code == 0)
        try waitFor(child, #"["echo","new"]"#)
        child.kill(SIGTERM)
        #expect(try child.finish().code == 0)
    }

    @Test func `--follow ends quietly when its reader has gone, even if nothing happens`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let script = "(\"$0\" events --follow; echo \"code $?\" >&2) | true"
        let result = try ChildProcess.run(
            ["sh", "-c", script, BuiltTool.path("deploystats")],
            environment: fixture.environment())
        #expect(result.errors == "code 0\n")
    }

    @Test func `events waiting in the spool are mentioned, and reading changes nothing`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let writer = try Connection(
            path: fixture.ledger, mode: .readWrite, busyTimeoutMilliseconds: 0)
        try writer.execute("BEGIN IMMEDIATE")
        #expect(try fixture.run(["true"]).code == 0)
        try writer.execute("ROLLBACK")
        let count = { try writer.value("SELECT count(*) FROM event")?.integer }
        let before = try count()
        let result = try ChildProcess.run(
            [BuiltTool.path("deploystats")], environment: fixture.environment())
        #expect(result.code == 0)
        #expect(result.output.contains("events are in the spool ("))
        #expect(try count() == before)
    }
}
