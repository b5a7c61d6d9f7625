import DeployLock
import Glibc
@testable import DeploymentMetrics
import Processes
@testable import Reporting
import Status
import SystemCalls
import TestSupport
import Testing

@Suite("Whether the process of a deployment in flight is known to be gone")
struct LivenessTests {
    private let me = ProcessIdentity.current

    private func isDead(
        host: String? = Machine.hostName, boot: String? = Machine.bootID, pid: Int64?,
        start: Int64?, namespace: Int64? = nil
    ) -> Bool {
        Liveness.isDead(
            InFlightDeployment(
                id: "01", number: 1, lock: "/a.lock", isRunning: true, host: host, boot: boot,
                pid: pid, pidStart: start, pidNamespace: namespace, actor: nil, source: nil,
                tier: nil, sha: nil,
                ref: nil, runURL: nil, since: nil, wrapperLost: nil))
    }

    private func isDead(_ process: ProcessIdentity) -> Bool {
        isDead(pid: Int64(process.pid), start: Int64(process.startTime))
    }

    @Test func `a process that runs is alive, whoever owns it`() throws {
        #expect(!isDead(me))
        let first = try #require(ProcessIdentity(running: 1))
        #expect(!isDead(first))
    }

    @Test func `a process that has ended is gone, waited for or not`() throws {
        let child = try ChildProcess(["sleep", "600"])
        let identity = try #require(ProcessIdentity(running: child.pid))
        #expect(!isDead(identity))
        child.kill(SIGKILL)
        // A zombie until `finish`.
        #expect(eventually { isDead(identity) })
        _ = try child.finish()
        #expect(isDead(identity))
    }

    @Test func `a reused pid is not the process that was recorded`() {
        #expect(isDead(pid: Int64(me.pid), start: Int64(me.startTime) - 1))
    }

    @Test func `nothing outlives a restart of its machine`() {
        #expect(isDead(boot: "an earlier boot", pid: Int64(me.pid), start: Int64(me.startTime)))
    }

    @Test func `a pid of another pid namespace is judged as one of that`() {
        let other = ProcessIdentity(
            boot: me.boot, pid: me.pid, startTime: me.startTime, namespace: me.namespace + 1)
        let (pid, start) = (Int64(me.pid), Int64(me.startTime))
        #expect(
            isDead(pid: pid, start: start, namespace: Int64(other.namespace)) == other.isDead)
        #expect(!isDead(pid: pid, start: start, namespace: Int64(me.namespace)))
        #expect(isDead(pid: pid, start: start - 1, namespace: Int64(me.namespace)))
    }

    @Test func `a deployment whose ticket is held by a process is not gone`() throws {
        let directory = try TemporaryDirectory()
        let lock = directory.file("a.lock")
        try FileSystem.makeDirectories(lock + ".queue", mode: 0o755)
        let gone = InFlightDeployment(
            id: "01", number: 1, lock: lock, isRunning: true, host: Machine.hostName,
            boot: Machine.bootID, pid: Int64(me.pid), pidStart: Int64(me.startTime) - 1,
            pidNamespace: nil, actor: nil, source: nil, tier: nil, sha: nil, ref: nil,
            runURL: nil, since: nil, wrapperLost: nil)
        #expect(Liveness.isDead(gone))
        let ticket = try FileDescriptor.open(
            lock + ".queue/ticket-1", O_RDWR | O_CREAT, mode: 0o644)
        #expect(Liveness.isDead(gone))
        #expect(try ticket.tryLock(.exclusive))
        #expect(!Liveness.isDead(gone))
    }

    @Test func `a process in doubt is not gone`() {
        #expect(!isDead(host: "another machine", pid: 1, start: 0))
        #expect(!isDead(host: nil, pid: 1, start: 0))
        #expect(!isDead(boot: nil, pid: 1, start: 0))
        #expect(!isDead(boot: "", pid: 1, start: 0))
        #expect(!isDead(pid: nil, start: 0))
        #expect(!isDead(pid: 1, start: nil))
        #expect(!isDead(pid: 1, start: -1))
        for pid: Int64 in [0, -1, .max] { #expect(!isDead(pid: pid, start: 0)) }
    }
}
