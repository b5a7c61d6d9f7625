import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct DoctorTests {
    /// What it prints and ends with for a fixture whose lock is in a directory of its own.
    private func doctor(
        _ fixture: Fixture, _ arguments: [String] = [], as user: [String] = [],
        _ environment: [String: String?] = [:]
    ) throws -> ChildProcess.Result {
        try ChildProcess.run(
            user + [BuiltTool.path("deploystats"), "doctor"] + arguments,
            environment: fixture.environment(environment))
    }

    @Test func `a machine that is set up well has no warning`() throws {
        let fixture = try Fixture()
        chmod(fixture.directory.path, 0o755)
        #expect(try fixture.run(["true"]).code == 0)
        let result = try doctor(fixture)
        let own = result.output.split(separator: "\n").filter {
            $0.contains("ledger:") || $0.contains("lock:") || $0.contains("spool:")
        }
        #expect(own.filter { !$0.hasPrefix("NOTE") } == [], "\(result.output)")
    }

    @Test(.enabled(if: geteuid() == 0, "giving files to a group needs root"))
    func `files that root made before sharing are named with the command that fixes them`()
        throws
    {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let directory = fixture.directory.file("state")
        #expect(chown(directory, 0, 100) == 0 && chmod(directory, 0o2770) == 0)
        chmod(fixture.ledger, 0o600)
        let result = try doctor(fixture)
        #expect(result.code == 1, "\(result.output)")
        #expect(
            result.output.contains(
                "$ chgrp users \(fixture.ledger) && chmod g+rw \(fixture.ledger)"),
            "\(result.output)")
    }

    @Test(.enabled(if: geteuid() == 0, "giving files to a group needs root"))
    func `a lock of somebody else's group that everybody can use is no finding`() throws {
        let fixture = try Fixture()
        // As /run/lock is, and a lock that root did not make.
        #expect(chmod(fixture.directory.path, 0o1777) == 0)
        #expect(try fixture.run(["true"]).code == 0)
        #expect(chown(fixture.lock, 100, 100) == 0 && chmod(fixture.lock, 0o666) == 0)
        let open = try doctor(fixture)
        #expect(!open.output.contains("cannot use the file"), "\(open.output)")
        #expect(chmod(fixture.lock, 0o660) == 0)
        let closed = try doctor(fixture)
        #expect(closed.output.contains("$ chgrp root \(fixture.lock)"), "\(closed.output)")
    }

    @Test func `a hard link to the ledger and a lock that is a directory are critical`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        #expect(link(fixture.ledger, fixture.directory.file("other")) == 0)
        let linked = try doctor(fixture)
        #expect(linked.code == 2 && linked.output.contains("CRITICAL  ledger: "))
        #expect(linked.output.contains("has 2 names (hard links)"), "\(linked.output)")
        let directory = try doctor(fixture, ["--lock", fixture.directory.file("state")])
        #expect(directory.output.contains("is not a regular file"), "\(directory.output)")
    }

    @Test func `a file that was set aside and that no event names is listed`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let file = fixture.ledger + ".corrupt-20260102T030405Z"
        for ending in ["", "-wal", "-shm"] {
            fixture.write("state/ledger.db.corrupt-20260102T030405Z" + ending, "")
        }
        let result = try doctor(fixture)
        #expect(result.output.contains("$ deploystats recover \(file)\n"), "\(result.output)")
        #expect(!result.output.contains("-wal was set aside"))
        let recovery = try fixture.stats("recover")
        #expect(recovery.code == 0)
        #expect(
            recovery.output.hasSuffix("Not read: \(file); use 'deploystats recover \(file)'\n"),
            "\(recovery.output)")
    }

    @Test func `waiting events and files set aside are reported`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try ChildProcess.run(["mkdir", "-p", fixture.spool]).code == 0)
        fixture.write("state/spool/x.event.rejected", "?")
        let result = try doctor(fixture)
        #expect(result.code == 1)
        #expect(result.output.contains("1 file (*.rejected)"), "\(result.output)")
    }

    @Test func `a lock that people may open but whose directory they cannot write is reported`()
        throws
    {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        chmod(fixture.directory.path, 0o755)
        chmod(fixture.lock, 0o644)
        let result = try doctor(fixture)
        #expect(result.output.contains("chmod g-rwx,o-rwx \(fixture.lock)"), "\(result.output)")
    }

    @Test func `programs get the findings as JSON`() throws {
        let fixture = try Fixture()
        let result = try doctor(fixture, ["--format", "json"])
        #expect(result.output.contains("\"format\": 1"))
        #expect(result.output.contains("\"subject\": \"ledger\""), "\(result.output)")
        #expect(try doctor(fixture, ["--format", "csv"]).code == 64)
    }
}
