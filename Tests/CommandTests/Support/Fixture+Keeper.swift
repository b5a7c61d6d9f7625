import Glibc
import SystemCalls
import TestSupport
import Testing

extension Fixture {
    /// A wrapper that is a child of a process, once it has made its keeper.
    func wrapperWithKeeper(below parent: pid_t) -> pid_t? {
        children(of: parent).first { keeper(below: $0) != nil }
    }

    /// The keeper that a process has made.
    private func keeper(below wrapper: pid_t) -> pid_t? {
        children(of: wrapper).first {
            (try? FileSystem.read("/proc/\($0)/comm")) == Array("deploy-keeper\n".utf8)
        }
    }

    /// The children that a process's main thread started.
    func children(of pid: pid_t) -> [pid_t] {
        let bytes = (try? FileSystem.read("/proc/\(pid)/task/\(pid)/children")) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: " ")
            .compactMap { pid_t($0) }
    }

    /// Kills a deployment's wrapper and waits until it is gone.
    func killWrapper(_ wrapper: ChildProcess) throws {
        wrapper.kill(SIGKILL)
        #expect(try wrapper.finish().code == 128 + SIGKILL)
    }

    /// The keeper of a deployment that runs.
    func keeper(of wrapper: ChildProcess) throws -> pid_t {
        #expect(eventually { keeper(below: wrapper.pid) != nil })
        return try #require(keeper(below: wrapper.pid))
    }

    /// Kills all that would tell how a deployment ended: its keeper, then its wrapper.
    func killBoth(_ wrapper: ChildProcess) throws {
        let keeper = try keeper(of: wrapper)
        kill(keeper, SIGKILL)
        try killWrapper(wrapper)
        // Killed is not dead: it has the lock until the kernel has closed its files.
        try #require(
            eventually {
                let fields = try? FileSystem.read("/proc/\(keeper)/stat")
                return fields.map { String(decoding: $0, as: UTF8.self).contains(") Z ") } ?? true
            })
    }
}
