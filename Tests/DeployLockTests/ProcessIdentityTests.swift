import DeployLock
import Glibc
import Processes
import SystemCalls
import TestSupport
import Testing

@Suite struct ProcessIdentityTests {
    @Test func `our own process is alive`() {
        #expect(ProcessIdentity.current.isAlive)
        #expect(ProcessIdentity.ancestors().first?.pid == getppid())
    }

    @Test func `a reused pid is another process`() {
        let me = ProcessIdentity.current
        let earlier = ProcessIdentity(boot: me.boot, pid: me.pid, startTime: me.startTime - 1)
        #expect(!earlier.isAlive)
    }

    @Test func `a process of another boot is gone`() {
        let me = ProcessIdentity.current
        #expect(!ProcessIdentity(boot: "other", pid: me.pid, startTime: me.startTime).isAlive)
    }

    @Test func `a process that ended is gone even if it was not waited for`() throws {
        let child = try ChildProcess(["sleep", "600"])
        let identity = try #require(ProcessIdentity(running: child.pid))
        #expect(identity.isAlive)
        child.kill(SIGKILL)
        #expect(eventually { !identity.isAlive })
        // Still a zombie: the pid exists.
        #expect(kill(child.pid, 0) == 0)
    }

    @Test func `a stopped process is alive`() throws {
        let child = try ChildProcess(["sleep", "600"])
        let identity = try #require(ProcessIdentity(running: child.pid))
        child.kill(SIGSTOP)
        #expect(identity.isAlive)
    }
}
