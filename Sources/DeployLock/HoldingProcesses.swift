import Glibc
import SystemCalls

/// The processes that have a lock, found through the kernel.
public struct HoldingProcesses: Hashable, Sendable {
    /// Those that could be seen, in the order of their pids.
    public let processes: [ProcessIdentity]
    /// Whether some process could not be looked into, so that there may be more: another user's
    /// descriptors are visible to root alone.
    public let isIncomplete: Bool

    /// Looks which processes have an open descriptor that holds the `flock` on a file, their own
    /// or an inherited one.
    ///
    /// `/proc/[pid]/fdinfo` lists the locks of each open file, proc(5).
    public init(ofLockAt path: String) {
        guard let file = try? FileSystem.status(path, followingLinks: false).identity else {
            (processes, isIncomplete) = ([], false)
            return
        }
        var found: [ProcessIdentity] = []
        var isIncomplete = false
        for pid in ((try? FileSystem.entries(of: "/proc")) ?? []).compactMap({ pid_t($0) }).sorted()
        {
            do {
                if try Self.holds(pid, file), let process = ProcessIdentity(running: pid) {
                    found.append(process)
                }
            } catch {
                // Kernel threads have no files, and a process that ended in between holds nothing.
                if error.code == EACCES || error.code == EPERM { isIncomplete = true }
            }
        }
        processes = found
        self.isIncomplete = isIncomplete
    }

    /// Whether a process has a descriptor that holds the `flock` on a file.
    static func holds(
        _ pid: pid_t, _ file: FileStatus.Identity
    ) throws(SystemError) -> Bool {
        for name in try FileSystem.entries(of: "/proc/\(pid)/fd") {
            guard (try? FileSystem.status("/proc/\(pid)/fd/\(name)").identity) == file,
                let info = try? FileSystem.read("/proc/\(pid)/fdinfo/\(name)")
            else { continue }
            if String(decoding: info, as: UTF8.self).contains(" FLOCK ") { return true }
        }
        return false
    }
}
