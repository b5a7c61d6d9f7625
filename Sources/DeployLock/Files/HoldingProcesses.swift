package import Glibc
package import Processes
import SystemCalls

/// The processes that have a lock, found through the kernel.
package struct HoldingProcesses: Hashable, Sendable {
    /// Those that could be seen, in the order of their pids.
    package let processes: [ProcessIdentity]
    /// Whether some process could not be looked into, so that there may be more: another user's
    /// descriptors are visible to root alone.
    package let isIncomplete: Bool
    /// The processes that took the lock: they, or those that inherited it from them, have it.
    ///
    /// One that let go or ended is still named here while another one has its descriptor.
    package let lockers: Set<pid_t>

    /// Nobody was looked for.
    package init() { (processes, isIncomplete, lockers) = ([], false, []) }

    /// Looks which processes have an open descriptor that holds the `flock` on a file, their own
    /// or an inherited one.
    ///
    /// `/proc/[pid]/fdinfo` lists the locks of each open file, proc(5).
    package init(ofLockAt path: String) {
        let file = try? FileSystem.status(path, followingLinks: false).identity
        self.init(of: file, takenBy: nil)
    }

    /// Looks which wrappers run inside the deployment with this ticket.
    package init(ofMarksOn ticket: String) {
        let file = try? FileSystem.status(ticket, followingLinks: false).identity
        self.init(of: file, takenBy: nil, .mark)
    }

    /// The same for a file whose name may lead elsewhere by now; `takenBy` leaves out those whose
    /// lock was taken by other processes.
    init(
        of file: FileStatus.Identity?, takenBy wanted: Set<pid_t>?, _ lock: FileLock = .flock
    ) {
        guard let file else {
            (processes, isIncomplete, lockers) = ([], false, [])
            return
        }
        var lockers: Set<pid_t> = []
        var found: [ProcessIdentity] = []
        // Where /proc shows only one's own processes (hidepid), not even the first is to be seen.
        var isIncomplete = ProcessStat(1) == nil
        for pid in Machine.processIDs {
            do {
                guard let locker = try Self.locker(of: file, heldBy: pid, lock),
                    wanted?.contains(locker) ?? true, let process = ProcessIdentity(running: pid)
                else { continue }
                found.append(process)
                lockers.insert(locker)
            } catch {
                // Kernel threads have no files, and a process that ended in between holds nothing.
                if error.code == EACCES || error.code == EPERM { isIncomplete = true }
            }
        }
        processes = found
        self.isIncomplete = isIncomplete
        self.lockers = lockers
    }

    /// Whether a process has a descriptor that holds the `flock` on a file alone.
    static func isExclusiveHolder(_ pid: pid_t, of path: String) -> Bool {
        guard let file = try? FileSystem.status(path, followingLinks: false).identity else {
            return false
        }
        return (try? locker(of: file, heldBy: pid, .exclusiveFlock)) != nil
    }

    /// What a line of fdinfo has to tell.
    struct FileLock {
        let kind: String
        let mode: String?

        static let flock = FileLock(kind: "FLOCK", mode: nil)
        static let exclusiveFlock = FileLock(kind: "FLOCK", mode: "WRITE")
        static let mark = FileLock(kind: "OFDLCK", mode: "READ")
    }

    private static let lockMark = "lock:\t"

    /// The process that took a lock on a file that a process has a descriptor of; nil when it has
    /// none that holds the lock.
    ///
    /// A line that tells of a lock is one of `/proc/locks` behind a mark.
    static func locker(
        of file: FileStatus.Identity, heldBy pid: pid_t, _ lock: FileLock = .flock
    ) throws(SystemError) -> pid_t? {
        for name in try FileSystem.entries(of: "/proc/\(pid)/fd") {
            guard (try? FileSystem.status("/proc/\(pid)/fd/\(name)").identity) == file,
                let info = try? FileSystem.read("/proc/\(pid)/fdinfo/\(name)")
            else { continue }
            for line in String(decoding: info, as: UTF8.self).split(separator: "\n")
            where line.hasPrefix(Self.lockMark) {
                if let held = KernelLock(line.dropFirst(Self.lockMark.count)),
                    held.kind == lock.kind,
                    lock.mode ?? held.mode == held.mode
                {
                    return held.pid
                }
            }
        }
        return nil
    }
}
