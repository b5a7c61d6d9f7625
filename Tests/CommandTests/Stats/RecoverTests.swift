import Glibc
import SystemCalls
import TestSupport
import Testing

/// A ledger that was damaged: it is said until a person settles it, and what can be read comes back.
@Suite struct RecoverTests {
    private func stats(
        _ fixture: Fixture, _ arguments: [String]
    ) throws -> ChildProcess.Result {
        try ChildProcess.run(
            [BuiltTool.path("deploystats")] + arguments, environment: fixture.environment())
    }

    /// Some deployments in a database without a log, with one page of their events damaged.
    private func damaged(_ fixture: Fixture, of count: Int = 30) throws {
        for index in 0..<count {
            let message = String(repeating: "m\(index) ", count: 200)
            #expect(try fixture.run(["--message", message, "true"]).code == 0)
        }
        let checkpoint = try ChildProcess.run([
            "sqlite3", fixture.ledger, "PRAGMA wal_checkpoint(TRUNCATE)",
        ])
        #expect(checkpoint.code == 0)
        let pages = try ChildProcess.run([
            "sqlite3", fixture.ledger,
            "SELECT pageno FROM dbstat WHERE name = 'event' AND pagetype = 'leaf' ORDER BY path",
        ])
        let leaves = pages.output.split(separator: "\n").compactMap { Int($0) }
        let page = try #require(leaves.count > 1 ? leaves[leaves.count / 2] : leaves.first)
        let file = try FileDescriptor.open(fixture.ledger, O_WRONLY)
        try file.write([UInt8](repeating: 0xa5, count: 4096), at: 4096 * (page - 1))
        // SQLite finds damage out when it comes there: what a deployment reads is damaged, too.
        for page in try indexPages(fixture) {
            try file.write([UInt8](repeating: 0xa5, count: 4096), at: 4096 * (page - 1))
        }
    }

    /// The pages an append reads first, to see whether it has an event already.
    private func indexPages(_ fixture: Fixture) throws -> [Int] {
        let found = try ChildProcess.run([
            "sqlite3", fixture.ledger,
            "SELECT pageno FROM dbstat JOIN sqlite_schema USING (name) WHERE tbl_name = 'event' "
                + "AND type = 'index' AND path = '/'",
        ])
        return found.output.split(separator: "\n").compactMap { Int($0) }
    }

    @Test func `a lost ledger is mentioned by every tool until what can be read is back`() throws {
        let fixture = try Fixture()
        try damaged(fixture)
        let first = try fixture.run(["--quiet", "true"])
        #expect(first.code == 0)
        #expect(first.errors.contains("was damaged ("), "\(first.errors)")
        #expect(first.errors.contains("set aside as \(fixture.ledger).corrupt-"))
        #expect(first.errors.contains("'deploystats recover'"))

        let verified = try stats(fixture, ["verify"])
        #expect(verified.code == 2 && verified.output.contains("the ledger was started over after"))
        let alerts = try stats(fixture, ["alerts"])
        #expect(alerts.output.contains("CRITICAL") && alerts.output.contains("started over"))
        let report = try stats(fixture, ["report", "--since", "-1h"])
        #expect(report.output.contains("Incomplete: the ledger was started over after"))
        let metrics = try stats(fixture, ["metrics"])
        #expect(metrics.output.contains("Incomplete: the ledger was started over after"))
        let quiet = try stats(
            fixture, ["metrics", "--since", "2099-01-01", "--until", "2099-02-01"])
        #expect(quiet.code == 0 && !quiet.output.contains("Incomplete"), "\(quiet.errors)")
        let doctor = try stats(fixture, ["doctor"])
        #expect(doctor.code == 2 && doctor.output.contains("$ deploystats recover"))

        let recovered = try stats(fixture, ["recover"])
        #expect(recovered.code == 0, "\(recovered.output)\(recovered.errors)")
        #expect(recovered.output.contains("events brought back"), "\(recovered.output)")
        #expect(recovered.output.contains("not brought back: "), "\(recovered.output)")
        let back = try fixture.query("SELECT count(*) FROM deployment")
        #expect((Int(back[0]) ?? 0) > 10, "\(back) \(recovered.output)")
        #expect(try stats(fixture, ["verify"]).code == 0)
        #expect(try !stats(fixture, ["alerts"]).output.contains("started over"))
        #expect(try !stats(fixture, ["report", "--since", "-1h"]).output.contains("Incomplete"))
        // Once, however often.
        let again = try stats(fixture, ["recover"])
        #expect(again.code == 0 && again.output.hasPrefix("Nothing to recover"))
        #expect(try fixture.query("SELECT count(*) FROM deployment") == back)
    }

    @Test func `a whole file that was set aside comes back whole, and nothing forged with it`()
        throws
    {
        let fixture = try Fixture()
        for _ in 1...3 { #expect(try fixture.run(["true"]).code == 0) }
        try fixture.settle()
        let copy = fixture.directory.file("copy.db")
        #expect(
            try ChildProcess.run(["sqlite3", fixture.ledger, "VACUUM INTO '\(copy)'"]).code == 0)
        try damaged(fixture, of: 0)
        #expect(try fixture.run(["true"]).code == 0)
        let asides = try FileSystem.entries(of: fixture.directory.file("state"))
            .filter { $0.contains(".corrupt-") && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
        let aside = fixture.directory.file("state/\(try #require(asides.first))")
        // Somebody puts a copy there whose second deployment was changed.
        let forged = try ChildProcess.run([
            "sqlite3", copy,
            "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE type = 'trigger';",
        ])
        let drops = forged.output.split(separator: "\n").joined(separator: " ")
        let edited = try ChildProcess.run([
            "sqlite3", copy,
            drops + "UPDATE event SET record = replace(record, 'root', 'toor') WHERE seq = 4; "
                + "PRAGMA wal_checkpoint(TRUNCATE)",
        ])
        #expect(edited.code == 0, "\(edited.errors)")
        #expect(try ChildProcess.run(["cp", copy, aside]).code == 0)
        let recovered = try stats(fixture, ["recover"])
        #expect(recovered.code == 0, "\(recovered.errors)")
        #expect(recovered.output.contains("8 events brought back"), "\(recovered.output)")
        #expect(recovered.output.contains("4 (cannot be verified)"), "\(recovered.output)")
    }

    @Test func `a missing ledger is reported until a person settles it with a reason`() throws {
        let fixture = try Fixture()
        for _ in 1...2 { #expect(try fixture.run(["true"]).code == 0) }
        for suffix in ["", "-wal", "-shm"] { unlink(fixture.ledger + suffix) }
        let next = try fixture.run(["true"])
        #expect(
            next.code == 0 && next.errors.contains("is gone, a new one begins"), "\(next.errors)")
        #expect(try stats(fixture, ["verify"]).code == 2)
        #expect(try stats(fixture, ["recover"]).code == 1)
        #expect(try stats(fixture, ["recover", "--dismiss", " "]).code == 64)
        let dismissed = try stats(fixture, ["recover", "--dismiss", "a test machine"])
        #expect(dismissed.code == 0, "\(dismissed.errors)")
        #expect(try stats(fixture, ["verify"]).code == 0)
        #expect(
            try fixture.query("SELECT record ->> '$.reason' FROM event WHERE kind = 'continued'")
                == ["its file was gone", "a test machine"])
    }

    @Test func `a file that is no longer a database is not settled by trying`() throws {
        let fixture = try Fixture()
        for _ in 1...2 { #expect(try fixture.run(["true"]).code == 0) }
        #expect(
            try ChildProcess.run([
                "sqlite3", fixture.ledger, "PRAGMA wal_checkpoint(TRUNCATE)",
            ]).code == 0)
        let size = try FileSystem.status(fixture.ledger).size
        try FileDescriptor.open(fixture.ledger, O_WRONLY)
            .write([UInt8](repeating: 0x5a, count: size), at: 0)
        #expect(try fixture.run(["true"]).errors.contains("was damaged"))
        let recovered = try stats(fixture, ["recover"])
        #expect(recovered.code == 1, "\(recovered.output)")
        #expect(try stats(fixture, ["verify"]).code == 2)
    }

    @Test func `a newly created ledger is always mentioned with its path`() throws {
        let fixture = try Fixture()
        let first = try fixture.run(["--quiet", "true"])
        #expect(first.errors == "deploy-with-lock: a new ledger begins: \(fixture.ledger)\n")
        #expect(try fixture.run(["--quiet", "true"]).errors == "")
    }
}
