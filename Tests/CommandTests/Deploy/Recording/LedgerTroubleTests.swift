import Glibc
import Ledger
import SQLite
import SystemCalls
import TestSupport
import Testing

/// Whatever is wrong with the ledger, the command runs, its exit code is its own, and the events
/// are there once the trouble is over.
@Suite struct LedgerTroubleTests {
    /// A deployment must go through with code 3; what it says about the ledger is returned.
    private func deploy(_ fixture: Fixture, _ ledger: String? = nil) throws -> String {
        let result = try fixture.run(
            ["sh", "-c", "echo ran; exit 3"],
            environment: ["DEPLOY_LEDGER": ledger ?? fixture.ledger])
        #expect(result.code == 3, "\(result.errors)")
        #expect(result.output == "ran\n")
        return result.errors
    }

    private func spooled(_ directory: String) -> Int {
        ((try? FileSystem.entries(of: directory)) ?? []).count { $0.hasSuffix(".event") }
    }

    /// After the trouble: one healthy run has everything, in order, once.
    private func expectDrained(_ fixture: Fixture, _ deployments: Int) throws {
        #expect(try deploy(fixture).contains("; ledger "))
        #expect(spooled(fixture.spool) == 0)
        #expect(
            try fixture.query("SELECT number || outcome FROM deployment ORDER BY n")
                == (1...deployments + 1).map { "\($0)failed" })
        #expect(
            try fixture.query("SELECT kind FROM event WHERE kind <> 'continued' ORDER BY seq")
                == (0...deployments).flatMap { _ in ["requested", "acquired", "released"] })
    }

    @Test func `a missing directory is created`() throws {
        let fixture = try Fixture()
        #expect(try deploy(fixture).contains("; ledger 3:"))
        #expect(try fixture.query("PRAGMA integrity_check") == ["ok"])
    }

    @Test func `while another writer has the ledger events go to the spool`() throws {
        let fixture = try Fixture()
        _ = try deploy(fixture)
        let writer = try Connection(
            path: fixture.ledger, mode: .readWrite, busyTimeoutMilliseconds: 0)
        try writer.execute("BEGIN IMMEDIATE")
        // The deployment ends while the writer still is in its transaction.
        #expect(try deploy(fixture).contains("locked by another process"))
        #expect(spooled(fixture.spool) == 3)
        try writer.execute("ROLLBACK")
        try expectDrained(fixture, 2)
    }

    @Test func `while the ledger's own lock is held events go to the spool`() throws {
        let fixture = try Fixture()
        _ = try deploy(fixture)
        let holder = try ChildProcess(["flock", fixture.ledger + ".lock", "sleep", "600"])
        #expect(
            try eventually {
                try ChildProcess.run(["flock", "-n", fixture.ledger + ".lock", "true"]).code != 0
            })
        let errors = try deploy(fixture)
        #expect(
            errors.contains(
                "(the ledger \(fixture.ledger) stayed locked by another process for too long); its"
            ),
            "\(errors)")
        #expect(spooled(fixture.spool) == 3)
        Glibc.kill(-holder.pid, SIGKILL)
        _ = try holder.finish()
        try expectDrained(fixture, 2)
    }

    @Test(arguments: ["", "-wal", ".lock"])
    func `a named pipe in the ledger's place delays nobody`(suffix: String) throws {
        let fixture = try Fixture()
        mkdir(fixture.directory.file("state"), 0o700)
        let pipe = fixture.ledger + suffix
        #expect(mkfifo(pipe, 0o600) == 0)
        let errors = try deploy(fixture)
        #expect(errors.contains("\(pipe) is a named pipe"), "\(errors)")
        #expect(spooled(fixture.spool) == 3)
        unlink(pipe)
        #expect(try deploy(fixture).contains("; ledger 6:"))
    }

    @Test func `a zero-byte file becomes a ledger`() throws {
        let fixture = try Fixture()
        mkdir(fixture.directory.file("state"), 0o700)
        fixture.write("state/ledger.db", "")
        #expect(try deploy(fixture).contains("; ledger 3:"))
    }

    @Test func `garbage is set aside and nothing of it is lost`() throws {
        let fixture = try Fixture()
        // What was a ledger of ours before.
        mkdir(fixture.directory.file("state"), 0o700)
        _ = LedgerWriter(LedgerSettings(path: fixture.ledger)).record([])
        for suffix in ["-wal", "-shm"] { unlink(fixture.ledger + suffix) }
        let garbage = String(repeating: "not a database ", count: 1000)
        fixture.write("state/ledger.db", garbage)
        _ = try deploy(fixture)
        // Whether the first one or the next one starts the new ledger, no event is missing.
        #expect(try deploy(fixture).contains("; ledger 7:"))
        #expect(spooled(fixture.spool) == 0)
        #expect(try fixture.query("SELECT outcome FROM deployment") == ["failed", "failed"])
        // Neither the counter nor the ledger knew the last number: it cannot be one given before.
        #expect(try fixture.query("SELECT min(number) > 1700000000 FROM deployment") == ["1"])
        let kept = try FileSystem.entries(of: fixture.directory.file("state"))
            .filter { $0.hasPrefix("ledger.db.corrupt-") }
        #expect(kept.count == 1)
        #expect(kept.allSatisfy { fixture.read("state/\($0)") == garbage })
        #expect(try fixture.query("SELECT kind FROM event WHERE seq = 1") == ["continued"])
    }

    @Test func `a file that was never a ledger is neither moved nor written`() throws {
        let fixture = try Fixture()
        mkdir(fixture.directory.file("state"), 0o700)
        let aliases = String(repeating: "root: ann\n", count: 1000)
        fixture.write("state/ledger.db", aliases)
        for _ in 1...2 { #expect(try deploy(fixture).contains("is not a ledger")) }
        #expect(fixture.read("state/ledger.db") == aliases)
        #expect(spooled(fixture.spool) == 6)
    }

    @Test func `a newer schema is left alone and events wait`() throws {
        let fixture = try Fixture()
        _ = try deploy(fixture)
        func setVersion(_ version: Int) throws {
            try Connection(path: fixture.ledger, mode: .readWrite, busyTimeoutMilliseconds: 0)
                .execute("PRAGMA user_version = \(version)")
        }
        let version = try fixture.query("PRAGMA user_version")[0]
        try setVersion(999)
        #expect(try deploy(fixture).contains("install the newer version"))
        #expect(spooled(fixture.spool) == 3)
        try setVersion(Int(version) ?? 1)
        try expectDrained(fixture, 2)
    }

    @Test(.enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
    func `a disk that does not answer holds up neither the lock nor signals`() throws {
        let fixture = try Fixture()
        let disk = fixture.directory.file("frozen")
        mkdir(disk, 0o700)
        let image = fixture.directory.file("image")
        // Not where there are no loop devices.
        guard
            let mounts = try? PrivateMounts(
                "truncate -s 16M \(image); mkfs.ext4 -q \(image); mount -o loop \(image) \(disk)")
        else { return }
        let state = fixture.environment(["DEPLOY_LEDGER": disk + "/ledger.db"])
        let tool = BuiltTool.path("deploy-with-lock")
        #expect(try mounts.run([tool, "true"], environment: state).code == 0)
        defer { _ = try? mounts.run(["fsfreeze", "-u", disk]) }
        // Whatever happens here, it thaws by itself.
        let watchdog = try mounts.start(["sh", "-c", "sleep 60; fsfreeze -u \(disk)"])
        guard try mounts.run(["fsfreeze", "-f", disk]).code == 0 else { return }

        let script = "trap ': > $HERE/got; exit 9' TERM; : > $HERE/up; while :; do sleep 0.01; done"
        let first = try mounts.start([tool, "sh", "-c", script], environment: state)
        #expect(eventually { fixture.exists("up") })
        first.kill(SIGTERM)
        #expect(eventually { fixture.exists("got") })
        // The lock is free although nothing can be written down.
        #expect(eventually { (try? fixture.isFree) == true })
        let second = try mounts.start([tool, "sh", "-c", ": > $HERE/second"], environment: state)
        #expect(eventually { fixture.exists("second") })
        #expect(try mounts.run(["fsfreeze", "-u", disk]).code == 0)
        #expect(try first.finish().code == 9)
        #expect(try second.finish().code == 0)
        #expect(try mounts.run([tool, "true"], environment: state).code == 0)
        let outcomes = try mounts.run([
            "sqlite3", disk + "/ledger.db", "SELECT outcome FROM deployment ORDER BY number",
        ])
        #expect(outcomes.output == "succeeded\nfailed\nsucceeded\nsucceeded\n")
        watchdog.kill(SIGKILL)
    }

    @Test(.enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
    func `a full disk prevents no deployment`() throws {
        let fixture = try Fixture()
        let disk = fixture.directory.file("disk")
        mkdir(disk, 0o700)
        let mounts = try PrivateMounts("mount -t tmpfs -o size=512k none \(disk)")
        let state = fixture.environment(["DEPLOY_LEDGER": disk + "/ledger.db"])
        let tool = BuiltTool.path("deploy-with-lock")
        #expect(try mounts.run([tool, "true"], environment: state).code == 0)
        // Bounded, whatever it is that is written to.
        let filling = try mounts.run([
            "dd", "if=/dev/zero", "of=\(disk)/filler", "bs=4k", "count=256",
        ])
        try #require(filling.code != 0, "the disk takes more than it should")
        let during = try mounts.run([tool, "sh", "-c", "exit 3"], environment: state)
        #expect(during.code == 3)
        #expect(during.errors.contains("events wait in"), "\(during.errors)")
        #expect(try mounts.run(["rm", disk + "/filler"]).code == 0)
        #expect(try mounts.run([tool, "true"], environment: state).code == 0)
        let outcomes = try mounts.run([
            "sqlite3", disk + "/ledger.db", "SELECT outcome FROM deployment ORDER BY n",
        ])
        #expect(outcomes.output == "succeeded\nfailed\nsucceeded\n", "\(outcomes.errors)")
        #expect(try FileSystem.entries(of: disk).isEmpty)
    }

    @Test(.enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
    func `a read-only file system prevents no deployment`() throws {
        let fixture = try Fixture()
        let disk = fixture.directory.file("disk")
        mkdir(disk, 0o700)
        let mounts = try PrivateMounts("mount -t tmpfs -o size=4m none \(disk)")
        let state = fixture.environment(["DEPLOY_LEDGER": disk + "/ledger.db"])
        let tool = BuiltTool.path("deploy-with-lock")
        #expect(try mounts.run([tool, "true"], environment: state).code == 0)
        #expect(try mounts.run(["mount", "-o", "remount,ro", disk]).code == 0)
        let during = try mounts.run([tool, "sh", "-c", "exit 3"], environment: state)
        #expect(during.code == 3)
        #expect(during.errors.contains("events wait in"), "\(during.errors)")
        #expect(try mounts.run(["mount", "-o", "remount,rw", disk]).code == 0)
        let after = try mounts.run([tool, "true"], environment: state)
        #expect(after.errors.contains("; ledger 9:"), "\(after.errors)")
    }
}
