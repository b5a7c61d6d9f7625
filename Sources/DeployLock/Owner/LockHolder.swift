package import Glibc
package import Processes
package import SystemCalls
import Wording

/// Who holds a lock, as far as anybody can tell.
package enum LockHolder: Hashable, Sendable {
    /// A deployment whose wrapper is alive.
    case deployment(HolderInfo)
    /// A deployment whose wrapper died while its command goes on.
    case runningOrphan(HolderInfo, command: ProcessIdentity)
    /// A dead deployment of which it cannot be read whether its command still runs.
    case unreadable(TicketFile, SystemError)
    /// A process that took the lock without us, such as flock(1); nil when its pid is unknown.
    case stranger(pid_t?, command: String?, info: HolderInfo?)

    /// Looks at what a waiter is blocked by.
    package static func behind(_ obstacle: Obstacle, queue: WaitQueue) -> LockHolder {
        switch obstacle {
        case .survivor(let ticket, let command):
            return .runningOrphan(ticket.text().facts ?? HolderInfo(), command: command)
        case .queue(let ahead):
            if let facts = ahead.first(where: \.isLive)?.text().facts, facts.acquiredAtUs != nil {
                return owner(facts)
            }
            return ofLockFile(queue)
        case .unreadable(let ticket, let error): return .unreadable(ticket, error)
        case .unlisted(let process):
            let info = HolderInfo(publishedAt: queue.paths.infoFile)
            if let info, info.process == process { return .deployment(info) }
            if let info, info.commandProcess == process || info.keeper == process {
                return .runningOrphan(info, command: process)
            }
            return stranger(process.pid, nil)
        case .lockFile:
            return ofLockFile(queue)
        }
    }

    /// The one that has a ticket which is alive: through its wrapper or, if that is dead, its keeper.
    private static func owner(_ facts: HolderInfo) -> LockHolder {
        guard facts.process?.isDead == true, let command = facts.commandProcess else {
            return .deployment(facts)
        }
        return .runningOrphan(facts, command: command)
    }

    private static func ofLockFile(_ queue: WaitQueue) -> LockHolder {
        for ticket in (try? queue.tickets()) ?? [] {
            guard let facts = ticket.text().facts, let command = facts.survivingCommand else {
                continue
            }
            return .runningOrphan(facts, command: command)
        }
        let pid = KernelLocks.locker(of: queue.paths.lockFile)
        return stranger(pid, HolderInfo(publishedAt: queue.paths.infoFile))
    }

    private static func stranger(_ pid: pid_t?, _ info: HolderInfo?) -> LockHolder {
        let process = pid.flatMap { RunningProcess($0) }
        return .stranger(
            pid, command: process.map { ShellText.quoted($0.arguments) }, info: info)
    }
}
