import Glibc
import SystemCalls
import TestSupport
import Testing

/// Events that were committed and are gone: said at once, and brought back where they can be read.
@Suite struct LedgerLossTests {
    /// Some deployments, the newest of them in the log alone.
    private func ledger() throws -> Fixture {
        let fixture = try Fixture()
        for _ in 1...8 { #expect(try fixture.run(["true"]).code == 0) }
        try fixture.settle()
        #expect(
            try ChildProcess.run([
                "sqlite3", fixture.ledger, "PRAGMA wal_checkpoint(TRUNCATE)",
            ]).code == 0)
        for _ in 1...6 { #expect(try fixture.run(["true"]).code == 0) }
        try fixture.settle()
        return fixture
    }

    private func damage(_ fixture: Fixture, _ suffix: String, at place: Int) throws {
        let file = try FileDescriptor.open(fixture.ledger + suffix, O_RDWR)
        let byte = try file.read(count: 1, at: place)[0]
        try file.write([byte ^ 0x55], at: place)
    }

    /// What is left is said by the next deployment, by verify and alerts, until it is brought back.
    private func expectAllComesBack(_ fixture: Fixture, events: Int) throws {
        #expect(try fixture.stats("verify").code == 2)
        let next = try fixture.run(["sh", "-c", "exit 7"])
        #expect(next.code == 7)
        #expect(next.errors.contains("has lost events: "), "\(next.errors)")
        #expect(try !fixture.run(["true"]).errors.contains("has lost events"))
        #expect(try fixture.stats("verify").code == 2)
        #expect(try fixture.stats("alerts").output.contains("CRITICAL"))
        let recovered = try fixture.stats("recover")
        #expect(recovered.code == 0, "\(recovered)")
        #expect(!recovered.output.contains("not brought back"), "\(recovered.output)")
        let verified = try fixture.stats("verify")
        #expect(verified.code == 0, "\(verified.output)")
        let known = try fixture.query(
            "SELECT count(*) FROM event WHERE kind <> 'continued' AND number <= 14")
        #expect(known == ["\(events)"])
    }

    @Test(arguments: [0, 20, 40, 4152, 20_000, -4200, -100])
    func `a log that is damaged anywhere loses nothing that can be read`(_ place: Int) throws {
        let fixture = try ledger()
        let size = try FileSystem.status(fixture.ledger + "-wal").size
        try damage(fixture, "-wal", at: place < 0 ? size + place : place)
        try expectAllComesBack(fixture, events: 42)
    }

    @Test func `a truncated log is reported`() throws {
        let fixture = try ledger()
        #expect(truncate(fixture.ledger + "-wal", 0) == 0)
        #expect(try fixture.stats("verify").output.contains("it ended with event 42"))
        let next = try fixture.run(["true"])
        #expect(next.errors.contains("it ended with event 42 and now ends with event 24"))
        #expect(next.errors.contains("--dismiss"), "\(next.errors)")
        #expect(try fixture.stats("recover", "--dismiss", "log cut off").code == 0)
        #expect(try fixture.stats("verify").code == 0)
        // A settlement is for that one alone.
        try fixture.settle()
        #expect(truncate(fixture.ledger + "-wal", 0) == 0)
        #expect(try fixture.run(["true"]).errors.contains("has lost events"))
        #expect(try fixture.stats("verify").code == 2)
    }

    @Test func `an older backup in its place is told by whoever looks, before the next deployment`()
        throws
    {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        let backup = fixture.ledger + ".backup"
        #expect(
            try ChildProcess.run(["sqlite3", fixture.ledger, "VACUUM INTO '\(backup)'"]).code == 0)
        for _ in 1...2 { #expect(try fixture.run(["true"]).code == 0) }
        try fixture.settle()
        for suffix in ["-wal", "-shm"] { unlink(fixture.ledger + suffix) }
        #expect(rename(backup, fixture.ledger) == 0)
        let loss = "the ledger has lost events: it ended with event 9 and now ends with event 3"
        for command in [["verify"], ["alerts"], ["status"], ["doctor"]] {
            let told = try fixture.stats(command)
            #expect(told.output.contains(loss), "\(command): \(told)")
        }
        let plugin = try fixture.stats("alerts", "--format", "nagios")
        #expect(plugin.code == 2, "\(plugin)")
    }

    @Test func `a loss is recorded once, even when the note of it could not be written`() throws {
        for cut in ["-wal", ""] {
            let fixture = try ledger()
            let note = try FileSystem.read(fixture.ledger + ".lock")
            #expect(truncate(fixture.ledger + cut, 0) == 0)
            #expect(try fixture.run(["true"]).errors.contains("recover"))
            try fixture.settle()
            // As if that one had been killed behind its commit.
            try FileDescriptor.open(fixture.ledger + ".lock", O_WRONLY).write(note, at: 0)
            let next = try fixture.run(["true"])
            #expect(!next.errors.contains("recover"), "\(cut): \(next.errors)")
            #expect(
                try fixture.query("SELECT count(*) FROM event WHERE kind = 'continued'") == ["1"])
        }
    }

    @Test func `a log of another ledger destroys nothing`() throws {
        let (fixture, other) = (try ledger(), try ledger())
        for _ in 1...9 { #expect(try other.run(["true"]).code == 0) }
        try other.settle()
        #expect(
            try ChildProcess.run(["cp", other.ledger + "-wal", fixture.ledger + "-wal"]).code == 0)
        unlink(fixture.ledger + "-shm")
        let next = try fixture.run(["sh", "-c", "exit 7"])
        #expect(next.code == 7)
        #expect(next.errors.contains("recover"), "\(next.errors)")
        for _ in 1...3 { #expect(try fixture.run(["true"]).code == 0) }
        #expect(try fixture.stats("verify").code == 2)
        let recovered = try fixture.stats("recover")
        if recovered.code != 0 {
            #expect(try fixture.stats("recover", "--dismiss", "log of another host").code == 0)
        }
        // Nothing of the database is lost, and nothing of the other ledger is in it.
        #expect(
            try fixture.query("SELECT count(*) FROM event WHERE number BETWEEN 1 AND 8") == ["24"],
            "\(next.errors)\(recovered)")
        let theirs = try other.query("SELECT id FROM deployment")
        #expect(
            Set(try fixture.query("SELECT id FROM deployment")).isDisjoint(with: theirs),
            "\(next.errors)\(recovered)")
        let verified = try fixture.stats("verify")
        #expect(verified.code == 0, "\(verified.output)")
    }

    @Test(arguments: [0, 1, 100, 512])
    func `a truncated database keeps its log`(_ size: Int) throws {
        let fixture = try ledger()
        #expect(truncate(fixture.ledger, size) == 0)
        let next = try fixture.run(["sh", "-c", "exit 7"])
        #expect(next.code == 7 && next.errors.contains("recover"), "\(next)")
        let recovered = try fixture.stats("recover")
        #expect(recovered.code == 0, "\(recovered)")
        #expect(recovered.output.contains("to 42") || recovered.output.contains("brought back"))
        let back = try fixture.query("SELECT count(*) FROM event WHERE number BETWEEN 9 AND 14")
        #expect(Int(back[0]) ?? 0 >= 15, "\(back) \(recovered.output)")
    }

    @Test func `damage that no deployment meets is repaired by recover alone`() throws {
        let fixture = try ledger()
        #expect(
            try ChildProcess.run([
                "sqlite3", fixture.ledger, "PRAGMA wal_checkpoint(TRUNCATE)",
            ]).code == 0)
        for suffix in ["-wal", "-shm"] { unlink(fixture.ledger + suffix) }
        // A digit of a time in the middle of the chain.
        let bytes = try FileSystem.read(fixture.ledger)
        let mark = Array("\"at_us\":17".utf8)
        let place = try #require(
            bytes.indices.first { bytes[$0...].starts(with: mark) && $0 > bytes.count / 3 })
        try damage(fixture, "", at: place + mark.count)
        #expect(try fixture.stats("verify").code == 2)
        #expect(try fixture.run(["true"]).code == 0)
        let recovered = try fixture.stats("recover")
        #expect(recovered.code == 0, "\(recovered)")
        #expect(recovered.output.contains("cannot be verified"), "\(recovered.output)")
        let verified = try fixture.stats("verify")
        #expect(verified.code == 0, "\(verified.output)")
        #expect(
            Int(try fixture.query("SELECT count(DISTINCT number) FROM event")[0]) ?? 0 >= 14)
    }

    @Test func `recover takes neither the ledger itself nor another one for what was lost`() throws
    {
        let (fixture, other) = (try ledger(), try ledger())
        #expect(truncate(fixture.ledger, 0) == 0)
        #expect(try fixture.run(["true"]).code == 0)
        let itself = try fixture.stats("recover", fixture.ledger)
        #expect(itself.code == 1 && itself.errors.contains("is the ledger itself"), "\(itself)")
        let foreign = try fixture.stats("recover", other.ledger)
        #expect(foreign.code == 1 && foreign.errors.contains("is not the ledger"), "\(foreign)")
        #expect(try fixture.stats("verify").code == 2)
    }

    @Test(.enabled(if: Strace.isPossible, "needs strace"))
    func `a temporary read error is not taken for a loss`() throws {
        let fixture = try ledger()
        try damage(fixture, "-wal", at: 40)
        #expect(try fixture.run(["true"]).code == 0)
        let aside = try #require(
            FileSystem.entries(of: fixture.directory.file("state"))
                .first { $0.contains(".corrupt-") })
        let path = fixture.directory.file("state/\(aside)")
        let failed = try ChildProcess.run(
            [
                "strace", "-f", "-qq", "-o", "/dev/null", "-P", path, "-e", "trace=pread64", "-e",
                "inject=pread64:error=EIO:when=6", BuiltTool.path("deploystats"), "recover",
            ], environment: fixture.environment())
        #expect(failed.code == 1, "\(failed)")
        #expect(failed.errors.contains("nothing was changed"), "\(failed.errors)")
        #expect(try fixture.stats("verify").code == 2)
        #expect(try fixture.stats("recover").code == 0)
    }

    @Test func `a ledger whose places run out is damaged, and no deployment fails because of it`()
        throws
    {
        let fixture = try ledger()
        let forged = try ChildProcess.run([
            "sqlite3", fixture.ledger,
            "DROP TRIGGER event_only_at_the_end; DROP TRIGGER event_never_updated; "
                + "PRAGMA foreign_keys = OFF; UPDATE event SET seq = 9223372036854775807 "
                + "WHERE seq = (SELECT max(seq) FROM event)",
        ])
        #expect(forged.code == 0, "\(forged.errors)")
        let next = try fixture.run(["sh", "-c", "exit 7"])
        #expect(next.code == 7, "\(next)")
    }
}
