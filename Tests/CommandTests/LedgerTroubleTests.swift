import Glibc
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

    @Test func aMissingDirectoryIsCreated() throws {
        let fixture = try Fixture()
        #expect(try deploy(fixture).contains("; ledger 3:"))
        #expect(try fixture.query("PRAGMA integrity_check") == ["ok"])
    }

    @Test func whileAnotherWriterHasTheLedgerEventsGoToTheSpool() throws {
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

    @Test func whileTheLedgersOwnLockIsHeldEventsGoToTheSpool() throws {
        let fixture = try Fixture()
        _ = try deploy(fixture)
        let holder = try ChildProcess(["flock", fixture.ledger + ".lock", "sleep", "600"])
        #expect(
            try eventually {
                try ChildProcess.run(["flock", "-n", fixture.ledger + ".lock", "true"]).code != 0
            })
        _ = try deploy(fixture)
        #expect(spooled(fixture.spool) == 3)
        Glibc.kill(-holder.pid, SIGKILL)
        _ = try holder.finish()
        try expectDrained(fixture, 2)
    }

    @Test func aZeroByteFileBecomesALedger() throws {
        let fixture = try Fixture()
        mkdir(fixture.directory.file("state"), 0o700)
        fixture.write("state/ledger.db", "")
        #expect(try deploy(fixture).contains("; ledger 3:"))
    }

    @Test func garbageIsSetAsideAndNothingOfItIsLost() throws {
        let fixture = try Fixture()
        mkdir(fixture.directory.file("state"), 0o700)
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

    @Test func aNewerSchemaIsLeftAloneAndEventsWait() throws {
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

    @Test(.enabled(if: geteuid() == 0, "freezing a file system needs root"))
    func aDiskThatDoesNotAnswerKeepsNeitherTheLockNorSignals() throws {
        let fixture = try Fixture()
        let disk = fixture.directory.file("frozen")
        mkdir(disk, 0o700)
        let image = fixture.directory.file("image")
        let make =
            "truncate -s 16M \(image) && mkfs.ext4 -q \(image) && mount -o loop \(image) \(disk)"
        // Not where mounting is not permitted.
        guard try ChildProcess.run(["sh", "-c", make]).code == 0 else { return }
        defer { _ = try? ChildProcess.run(["sh", "-c", "fsfreeze -u \(disk); umount \(disk)"]) }
        let state = ["DEPLOY_LEDGER": disk + "/ledger.db"]
        #expect(try fixture.run(["true"], environment: state).code == 0)
        // Whatever happens here, it thaws by itself.
        let watchdog = try ChildProcess(["sh", "-c", "sleep 60; fsfreeze -u \(disk)"])
        guard try ChildProcess.run(["fsfreeze", "-f", disk]).code == 0 else { return }

        let script = "trap ': > $HERE/got; exit 9' TERM; : > $HERE/up; while :; do sleep 0.01; done"
        let first = try fixture.start(["sh", "-c", script], environment: state)
        #expect(eventually { fixture.exists("up") })
        first.kill(SIGTERM)
        #expect(eventually { fixture.exists("got") })
        // The lock is free although nothing can be written down.
        #expect(eventually { (try? fixture.isFree) == true })
        let second = try fixture.start(["sh", "-c", ": > $HERE/second"], environment: state)
        #expect(eventually { fixture.exists("second") })
        #expect(try ChildProcess.run(["fsfreeze", "-u", disk]).code == 0)
        #expect(try first.finish().code == 9)
        #expect(try second.finish().code == 0)
        #expect(try fixture.run(["true"], environment: state).code == 0)
        let connection = try Connection(
            path: disk + "/ledger.db", mode: .readOnly, busyTimeoutMilliseconds: 1000)
        let rows = try connection.prepare("SELECT outcome FROM deployment ORDER BY number").rows()
        #expect(rows.map { $0[0].text } == ["succeeded", "failed", "succeeded", "succeeded"])
        watchdog.kill(SIGKILL)
    }

    @Test(.enabled(if: geteuid() == 0, "mounting needs root"))
    func aFullDiskKeepsNobodyFromDeploying() throws {
        let fixture = try Fixture()
        let disk = fixture.directory.file("disk")
        mkdir(disk, 0o700)
        #expect(
            try ChildProcess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", disk]).code
                == 0)
        defer { _ = try? ChildProcess.run(["umount", disk]) }
        let ledger = disk + "/ledger.db"
        let state = ["DEPLOY_LEDGER": ledger]
        #expect(try fixture.run(["true"], environment: state).code == 0)
        _ = try ChildProcess.run(["sh", "-c", "cat /dev/zero > \(disk)/filler"])
        let during = try fixture.run(["sh", "-c", "exit 3"], environment: state)
        #expect(during.code == 3)
        #expect(during.errors.contains("events wait in"), "\(during.errors)")
        _ = unlink(disk + "/filler")
        #expect(try fixture.run(["true"], environment: state).code == 0)
        let connection = try Connection(
            path: ledger, mode: .readOnly, busyTimeoutMilliseconds: 1000)
        let rows = try connection.prepare("SELECT outcome FROM deployment ORDER BY n").rows()
        #expect(rows.map { $0[0].text } == ["succeeded", "failed", "succeeded"])
    }

    @Test(.enabled(if: geteuid() == 0, "mounting needs root"))
    func aReadOnlyFileSystemKeepsNobodyFromDeploying() throws {
        let fixture = try Fixture()
        let disk = fixture.directory.file("disk")
        mkdir(disk, 0o700)
        #expect(try ChildProcess.run(["mount", "-t", "tmpfs", "none", disk]).code == 0)
        defer { _ = try? ChildProcess.run(["umount", disk]) }
        let state = ["DEPLOY_LEDGER": disk + "/ledger.db"]
        #expect(try fixture.run(["true"], environment: state).code == 0)
        #expect(try ChildProcess.run(["mount", "-o", "remount,ro", disk]).code == 0)
        let during = try fixture.run(["sh", "-c", "exit 3"], environment: state)
        #expect(during.code == 3)
        #expect(during.errors.contains("events wait in"), "\(during.errors)")
        #expect(try ChildProcess.run(["mount", "-o", "remount,rw", disk]).code == 0)
        let after = try fixture.run(["true"], environment: state)
        #expect(after.errors.contains("; ledger 9:"), "\(after.errors)")
    }
}
