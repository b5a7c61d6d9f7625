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
        self.init(path, FileLock.flock)
    }

    /// Looks which wrappers run inside the deployment with this ticket.
    public init(ofMarksOn ticket: String) {
        self.init(ticket, FileLock.mark)
    }

    private init(_ path: String, _ lock: FileLock) {
        guard let file = try? FileSystem.status(path, followingLinks: false).identity else {
            (processes, isIncomplete) = ([], false)
            return
        }
        var found: [ProcessIdentity] = []
        // Where /proc shows only one's own processes (hidepid), not even the first is to be seen.
        var isIncomplete = ProcessStat(1) == nil
        for pid in ((try? FileSystem.entries(of: "/proc")) ?? []).compactMap({ pid_t($0) }).sorted()
        {
            do {
                if try Self.holds(pid, file, lock), let process = ProcessIdentity(running: pid) {
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

    /// Whether a process has a descriptor that holds the `flock` on a file alone.
    static func isExclusiveHolder(_ pid: pid_t, of path: String) -> Bool {
        guard let file = try? FileSystem.status(path, followingLinks: false).identity else {
            return false
        }
        return (try? holds(pid, file, .exclusiveFlock)) ?? false
    }

    /// What a line of fdinfo has to contain.
    private struct FileLock {
        let kind: String
        let mode: String

        static let flock = FileLock(kind: " FLOCK ", mode: " ")
        static let exclusiveFlock = FileLock(kind: " FLOCK ", mode: " WRITE ")
        static let mark = FileLock(kind: " OFDLCK ", mode: " READ ")
    }

    private static func holds(
        _ pid: pid_t, _ file: FileStatus.Identity, _ lock: FileLock
    ) throws(SystemError) -> Bool {
        for name in try FileSystem.entries(of: "/proc/\(pid)/fd") {
            guard (try? FileSystem.status("/proc/\(pid)/fd/\(name)").identity) == file,
                let info = try? FileSystem.read("/proc/\(pid)/fdinfo/\(name)")
            else { continue }
            // `lock: 1: FLOCK  ADVISORY  WRITE 1234 fe:00:1310 0 EOF`
            for line in String(decoding: info, as: UTF8.self).split(separator: "\n")
            where line.contains(lock.kind) && line.contains(lock.mode) {
                return true
            }
        }
        return false
    }
}
