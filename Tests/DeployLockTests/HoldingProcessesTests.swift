import DeployLock
import Glibc
import Processes
import SystemCalls
import TestSupport
import Testing

@Suite struct HoldingProcessesTests {
    @Test func `the holder and processes that inherited the lock are found`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("a.lock")
        let up = directory.file("up")
        let holder = try ChildProcess(["flock", path, "sh", "-c", ": > \(up); sleep 600; :"])
        #expect(eventually { FileSystem.exists(up) })
        let found = HoldingProcesses(ofLockAt: path).processes
        // flock(1), its shell and the shell's sleep have the same open file.
        #expect(eventually { HoldingProcesses(ofLockAt: path).processes.count == 3 })
        #expect(found.contains { $0.pid == holder.pid })
    }

    @Test func `a process that only waits does not hold`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("a.lock")
        let file = try FileDescriptor.open(path, O_RDONLY | O_CREAT, mode: 0o600)
        #expect(HoldingProcesses(ofLockAt: path).processes.isEmpty)
        try file.lock(.exclusive)
        let waiter = try ChildProcess(["flock", path, "true"])
        usleep(50_000)
        #expect(HoldingProcesses(ofLockAt: path).processes == [.current])
        try file.unlock()
        #expect(try waiter.finish().code == 0)
        #expect(HoldingProcesses(ofLockAt: path).processes.isEmpty)
    }

    @Test func `a missing file is held by nobody`() {
        #expect(HoldingProcesses(ofLockAt: "/nonexistent/a.lock").processes.isEmpty)
    }
}
