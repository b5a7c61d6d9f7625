import Glibc
import SystemCalls

/// Processes of other pid namespaces, such as those of a container, seen from here.
enum ForeignProcesses {
    /// What can be known of a process by its number in another namespace.
    ///
    /// The namespaces below ours are visible, proc(5) `NSpid` of `/proc/[pid]/status`. That a
    /// process is gone is certain only for root in the first namespace of the machine, who sees
    /// all; otherwise it is unknown.
    static func liveness(of process: ProcessIdentity) -> ProcessIdentity.Liveness {
        var seesAll = Machine.pidNamespace == Machine.firstPidNamespace
        // The first process is in our own, and may be hidden even from root.
        for pid in Machine.processIDs where pid != 1 {
            do throws(SystemError) {
                let namespace = try FileSystem.status("/proc/\(pid)/ns/pid").identity.inode
                guard namespace == process.namespace, innermost(pid) == process.pid,
                    let stat = ProcessStat(pid), stat.startTime == process.startTime
                else { continue }
                return stat.hasEnded ? .dead : .alive
            } catch {
                if error.code == EACCES || error.code == EPERM { seesAll = false }
            }
        }
        return seesAll ? .dead : .unknown
    }

    /// The number a process has in its own namespace.
    private static func innermost(_ pid: pid_t) -> pid_t? {
        guard let bytes = try? FileSystem.read("/proc/\(pid)/status") else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("NSpid:") }?
            .split(whereSeparator: \.isWhitespace).last.flatMap { pid_t($0) }
    }
}
