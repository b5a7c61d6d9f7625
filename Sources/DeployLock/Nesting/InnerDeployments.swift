import Glibc
import Processes
import SystemCalls

/// What still runs inside a deployment whose own command has ended: wrappers that its command left
/// in the background, their keepers and commands.
package struct InnerDeployments: Sendable {
    /// All of them.
    private let processes: [ProcessIdentity]

    /// Whether there are none.
    package var isEmpty: Bool { processes.isEmpty }

    /// Looks who has a mark on the ticket at a path, see `NestedHold`, and belongs there.
    ///
    /// Whoever may read the ticket can have such a lock on it, too: only processes of ours, of
    /// root's and those below us count, the latter also where it cannot be seen what they have.
    package init(of ticket: String) {
        let below = ProcessIdentity.descendants(of: [.current])
        let marked = HoldingProcesses(ofMarksOn: ticket).processes
        processes =
            marked.filter { below.contains($0) || Self.isTrusted($0) }
            + below.filter { Self.isHidden($0) && !marked.contains($0) }
    }

    /// Sends a signal to each of them once: to the wrappers, which pass it on, and to the commands
    /// of those that were lost.
    package func signal(_ number: Int32) {
        let stats = processes.compactMap { process in
            ProcessStat(process.pid).map { (pid: process.pid, stat: $0) }
        }
        let pids = Set(stats.map(\.pid))
        let lost = stats.filter {
            $0.stat.name == Self.keeperName && !pids.contains($0.stat.parent)
        }
        .map(\.pid)
        for (pid, stat) in stats where stat.name != Self.keeperName {
            if !pids.contains(stat.parent) || lost.contains(stat.parent) { kill(pid, number) }
        }
    }

    private static let keeperName = "deploy-keeper"

    private static func isTrusted(_ process: ProcessIdentity) -> Bool {
        let owner = try? FileSystem.status("/proc/\(process.pid)").uid
        return owner == 0 || owner == User.effectiveID
    }

    private static func isHidden(_ process: ProcessIdentity) -> Bool {
        do {
            _ = try FileSystem.entries(of: "/proc/\(process.pid)/fd")
            return false
        } catch {
            return error.code == EACCES || error.code == EPERM
        }
    }
}
