import DeployLock
import Glibc
import Ledger
import Processes
import Queries
import Reporting
@testable import Status
import SystemCalls
import TestSupport
import Testing

@Suite("What is the case now, and what of it looks different")
struct SituationTests {
    private let directory: TemporaryDirectory
    private let source: StatusSource

    init() throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        source = StatusSource(
            LedgerSettings(
                path: directory.file("ledger.db"), spoolRoots: [directory.file("spool")]),
            locks: ["a", "b"].map { LockPaths(lockFile: directory.file("\($0).lock")) })
    }

    /// Locks a file as flock(1) does, from another process.
    private func take(_ name: String) throws -> ChildProcess {
        let path = directory.file("\(name).lock")
        let child = try ChildProcess(["flock", path, "sleep", "600"])
        #expect(try eventually { try ChildProcess.run(["flock", "-n", path, "true"]).code != 0 })
        return child
    }

    private func write(_ name: String, _ text: String) throws {
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        try FileDescriptor.open(directory.file(name), flags, mode: 0o644).write(Array(text.utf8))
    }

    @Test func `looking again at the same shows nothing new`() throws {
        let stranger = try take("a")
        // The command that flock(1) starts has the lock, too.
        #expect(eventually { source.look().locks[0].state?.processes.count == 2 })
        let first = source.situation()
        #expect(first.at < source.situation().at)
        #expect(first.fingerprint == source.situation().fingerprint)
        #expect(first.look.fingerprint == source.look().fingerprint)
        kill(-stranger.pid, SIGKILL)
    }

    @Test func `each thing that happens looks different`() throws {
        var seen = [source.situation().fingerprint]
        func expectNews(_ what: String) {
            let now = source.situation().fingerprint
            #expect(!seen.contains(now), "\(what)")
            seen.append(now)
        }
        let stranger = try take("b")
        expectNews("a lock is taken")
        kill(stranger.pid, SIGSTOP)
        #expect(eventually { source.look().locks[1].state?.processes.first?.isStopped == true })
        expectNews("its process is stopped")
        kill(stranger.pid, SIGCONT)
        kill(-stranger.pid, SIGKILL)
        #expect(eventually { source.look().locks[1].condition == .free })
        try FileSystem.makeDirectories(directory.file("a.lock.queue"), mode: 0o755)
        try write("a.lock.queue/freeze-odd", "nonsense")
        expectNews("a freeze that cannot be read")
        try FileSystem.makeDirectories(directory.file("spool"), mode: 0o700)
        try write("spool/01.event", "{}")
        #expect(source.look().spool.waiting == 1)
        expectNews("an event in the spool")
        try write("ledger.db", "no ledger")
        expectNews("a ledger that is none")
    }

    @Test func `without a ledger the locks are judged all the same`() throws {
        var source = source
        try source.rules.set(.critical, "running=0")
        let missing = source.situation()
        #expect(missing.ledger.isMissing)
        #expect(missing.head == nil)
        #expect(missing.locks.map(\.condition) == [.free, .free])
        #expect(missing.alerts.severity == .unknown)
        #expect(missing.alerts.unknown.map(\.lock) == [nil])
        let stranger = try take("a")
        #expect(eventually { source.situation().alerts.severity == .critical })
        let held = source.situation()
        #expect(held.alerts.alerts.map(\.lock) == [directory.file("a.lock")])
        #expect(held.locks[0].holder?.state == .stranger)
        #expect(held.locks[0].holder?.command?.hasPrefix("flock ") == true)
        #expect(held.locks[0].progress == nil)
        kill(-stranger.pid, SIGKILL)
    }

    @Test func `a lock that cannot be read does not hide the others`() throws {
        var source = source
        source.locks.append(LockPaths(lockFile: directory.file("missing/c.lock")))
        let situation = source.situation()
        #expect(situation.locks.map(\.condition) == [.free, .free, nil])
        #expect(situation.locks[2].look.word == "unknown")
        #expect(situation.locks[2].problem?.contains("missing") == true)
        #expect(DeploymentStatus(situation.locks[2]) == nil)
        #expect(situation.lock(directory.file("b.lock"))?.path == directory.file("b.lock"))
        #expect(situation.lock("/nowhere.lock") == nil)
    }
}
