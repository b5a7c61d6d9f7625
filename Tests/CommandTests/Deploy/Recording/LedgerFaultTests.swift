import Glibc
import SystemCalls
import TestSupport
import Testing

/// What looks like damage and is none stays where it is, and what is not as we left it is mended.
@Suite struct LedgerFaultTests {
    private func asides(_ fixture: Fixture) throws -> [String] {
        try FileSystem.entries(of: fixture.directory.file("state"))
            .filter { $0.contains(".corrupt-") }
    }

    @Test(.enabled(if: Strace.isPossible, "needs strace"), arguments: ["pread64", "newfstatat"])
    func `one failing call sets no healthy ledger aside`(_ call: String) throws {
        let fixture = try Fixture()
        for _ in 1...3 { #expect(try fixture.run(["true"]).code == 0) }
        for nth in stride(from: 3, to: 60, by: 4) {
            let result = try ChildProcess.run(
                [
                    "strace", "-f", "-b", "execve", "-qq", "-o", "/dev/null", "-e", "trace=\(call)",
                    "-e", "inject=\(call):error=EIO:when=\(nth)",
                    BuiltTool.path("deploy-with-lock"), "sh", "-c", "sleep 0.03; exit 5",
                ], environment: fixture.environment())
            // 127: the loader of a dynamic program could not look at a library.
            #expect([5, 66, 71, 127].contains(result.code), "\(nth): \(result.errors)")
            #expect(try asides(fixture) == [], "\(call) \(nth)")
        }
        // Whatever could not be written then is there now.
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.expectOneOutcomeEach()
    }

    /// Killed just before a draft gets its name, while the ledger is busy or being set aside.
    @Test(.enabled(if: Strace.isPossible, "needs strace"), arguments: [false, true])
    func `the draft of a killed writer is gone after the next deployment`(
        _ isDamaged: Bool
    ) throws {
        var drafts = 0
        for nth in 1...3 {
            let fixture = try Fixture()
            #expect(try fixture.run(["true"]).code == 0)
            try fixture.settle()
            if isDamaged {
                for suffix in ["-wal", "-shm"] { try? FileSystem.unlink(fixture.ledger + suffix) }
                try FileReplacement.write(
                    [UInt8](repeating: 120, count: 64 << 10), to: fixture.ledger)
            }
            let claim = try FileDescriptor.open(fixture.ledger + ".lock", O_RDWR)
            if !isDamaged { #expect(try claim.tryLock(.exclusive)) }
            _ = try ChildProcess.run(
                [
                    "strace", "-f", "-b", "execve", "-qq", "-o", "/dev/null", "-e",
                    "trace=renameat", "-e", "inject=renameat:signal=KILL:when=\(nth)",
                    BuiltTool.path("deploy-with-lock"), "sh", "-c", "sleep 0.05",
                ], environment: fixture.environment())
            if !isDamaged { try claim.unlock() }
            drafts += try self.drafts(fixture).count
            #expect(try fixture.run(["true"]).code == 0)
            #expect(try self.drafts(fixture) == [])
            // Of a ledger that was set aside 'verify' tells until it is recovered.
            if !isDamaged { try fixture.expectOneOutcomeEach() }
        }
        #expect(drafts > 0, "no kill hit a draft")
    }

    private func drafts(_ fixture: Fixture) throws -> [String] {
        let spool = fixture.directory.file("state/spool")
        guard FileSystem.exists(spool) else { return [] }
        return try FileSystem.entries(of: spool).filter { $0.hasSuffix(".tmp") }
    }

    /// A disk that gives nothing, one that gives nothing for a while, and one with bad places.
    @Test(.enabled(if: Strace.isPossible, "needs strace"), arguments: ["1+", "7+", "2..9", "5+3"])
    func `a disk that cannot be read is not damage, and its events arrive later`(
        _ when: String
    ) throws {
        let fixture = try Fixture()
        for _ in 1...3 { #expect(try fixture.run(["true"]).code == 0) }
        let result = try ChildProcess.run(
            [
                "strace", "-f", "-b", "execve", "-qq", "-o", "/dev/null", "-P", fixture.ledger,
                "-P", fixture.ledger + "-wal", "-e", "trace=pread64,read",
                "-e", "inject=pread64,read:error=EIO:when=\(when)",
                BuiltTool.path("deploy-with-lock"), "sh", "-c", "exit 5",
            ], environment: fixture.environment())
        #expect(result.code == 5, "\(result.errors)")
        #expect(!result.errors.contains("damaged"), "\(result.errors)")
        #expect(try asides(fixture) == [])
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        #expect(try fixture.outcomes().suffix(2) == ["4 failed", "5 succeeded"])
        try fixture.expectOneOutcomeEach()
    }

    @Test(arguments: [
        ("user_version", "0"), ("application_id", "0"),
        ("application_id", "7"),
    ])
    func `permissions that another program set are named with the command that fixes them`(
        _ pragma: String, _ value: String
    ) throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let before = try fixture.query("PRAGMA \(pragma)")[0]
        #expect(
            try ChildProcess.run(["sqlite3", fixture.ledger, "PRAGMA \(pragma) = \(value)"]).code
                == 0)
        let result = try fixture.run(["sh", "-c", "exit 5"])
        #expect(result.code == 5)
        let mend = "sqlite3 \(fixture.ledger) 'PRAGMA \(pragma) = \(before)'"
        #expect(result.errors.contains(mend), "\(result.errors)")
        #expect(try asides(fixture) == [])
        #expect(try ChildProcess.run(["sh", "-c", mend]).code == 0)
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        #expect(try fixture.outcomes() == ["1 succeeded", "2 failed", "3 succeeded"])
    }

    @Test(arguments: [
        "PRAGMA journal_mode = DELETE", "PRAGMA journal_mode = TRUNCATE",
        "VACUUM INTO 'PLACE/copy'",
    ])
    func `a ledger without its write-ahead log gets it back`(_ sql: String) throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let changed = try ChildProcess.run([
            "sqlite3", fixture.ledger,
            sql.replacing("PLACE", with: fixture.directory.path),
        ])
        #expect(changed.code == 0, "\(changed.errors)")
        if fixture.exists("copy") {
            for suffix in ["", "-wal", "-shm"] { unlink(fixture.ledger + suffix) }
            #expect(rename(fixture.directory.file("copy"), fixture.ledger) == 0)
        }
        let result = try fixture.run(["true"])
        #expect(result.errors.contains("; ledger "), "\(result.errors)")
        #expect(try fixture.query("PRAGMA journal_mode") == ["wal"])
        #expect(try fixture.outcomes() == ["1 succeeded", "2 succeeded"])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a limit on the size of files costs no exit code and no event`() throws {
        let fixture = try Fixture()
        for _ in 1...3 { #expect(try fixture.run(["true"]).code == 0) }
        let tool = BuiltTool.path("deploy-with-lock")
        // The command gets the limit, and its default, as it would without us.
        let result = try ChildProcess.run(
            [
                "bash", "-c",
                "ulimit -f 16; '\(tool)' sh -c 'grep SigIgn /proc/self/status; exit 5'",
            ], environment: fixture.environment())
        #expect(result.code == 5, "\(result.errors)")
        #expect(result.output == "SigIgn:\t0000000000000000\n")
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try fixture.outcomes().count == 5)
        try fixture.expectOneOutcomeEach()
    }

    @Test(arguments: ["", "-wal"])
    func `a ledger with another name is not written, and the message says why`(_ suffix: String)
        throws
    {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let other = fixture.directory.file("other")
        #expect(link(fixture.ledger + suffix, other) == 0)
        let result = try fixture.run(["sh", "-c", "exit 4"])
        #expect(result.code == 4)
        #expect(result.errors.contains("has 2 names (hard links)"), "\(result.errors)")
        unlink(other)
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try fixture.outcomes().count == 3)
        try fixture.expectOneOutcomeEach()
    }

    @Test(
        .enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"),
        arguments: ["", "-wal", ".lock"])
    func `a file of the ledger that is mounted alone is not written`(_ suffix: String) throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let file = fixture.ledger + suffix
        let mounts = try PrivateMounts("mount --bind '\(file)' '\(file)'")
        let inside = try mounts.run(
            [BuiltTool.path("deploy-with-lock"), "sh", "-c", "exit 4"],
            environment: fixture.environment())
        #expect(inside.code == 4)
        #expect(inside.errors.contains("alone is mounted from elsewhere"), "\(inside.errors)")
        let read = try mounts.run(
            [BuiltTool.path("deploystats"), "verify"], environment: fixture.environment())
        #expect(read.code != 0 && read.errors.contains("alone is mounted"), "\(read.errors)")
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try fixture.outcomes().count == 3)
        try fixture.expectOneOutcomeEach()
    }

    @Test func `verify sees an index that hides a row`() throws {
        let fixture = try Fixture()
        for _ in 1...3 { #expect(try fixture.run(["true"]).code == 0) }
        // Indexes without one row take the place of the whole ones, under the same words.
        let script = """
            import sqlite3, sys
            c = sqlite3.connect(sys.argv[1], isolation_level=None)
            for name, sql in c.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'deployment' AND sql IS NOT NULL").fetchall():
                c.execute(f"DROP INDEX {name}")
                c.execute(sql + (" AND " if "WHERE" in sql.upper() else " WHERE ") + "n <> 2")
                c.execute("PRAGMA writable_schema = ON")
                c.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (sql, name))
                c.execute("PRAGMA writable_schema = RESET")
            """
        let changed = try ChildProcess.run(["python3", "-c", script, fixture.ledger])
        #expect(changed.code == 0, "\(changed.errors)")
        let verified = try ChildProcess.run(
            [BuiltTool.path("deploystats"), "verify"], environment: fixture.environment())
        #expect(verified.code == 2, "\(verified.output)\(verified.errors)")
        #expect(verified.output.contains("missing from index"), "\(verified.output)")
    }
}
