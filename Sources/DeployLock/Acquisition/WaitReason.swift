package import Processes
package import SystemCalls

/// What stands between a deployment and the lock.
package enum WaitReason: Hashable, Sendable {
    /// Tickets that came before, the last of them alive. The first one that is alive holds the lock
    /// or will be next to get it.
    case queue(ahead: [TicketFile])
    /// The lock file itself is locked, and no ticket says by whom.
    case lockFile
    /// The wrapper and the keeper of this deployment died, and its command, which no longer has the
    /// lock's descriptor, still runs, as far as anybody can tell from here.
    case survivor(TicketFile, ProcessIdentity)
    /// Of a dead deployment it cannot be read whether its command still runs.
    case unreadable(TicketFile, SystemError)
    /// This process still has the lock although its lock file or ticket was removed.
    case unlisted(ProcessIdentity)
}

extension WaitReason {
    /// What a dead deployment left; nil when that is in nobody's way.
    init?(left ticket: TicketFile) {
        switch ticket.remainder {
        case .nothing: return nil
        case .command(let command): self = .survivor(ticket, command)
        case .unreadable(let error): self = .unreadable(ticket, error)
        }
    }
}

/// The side of a deployment that waits for the lock: it is told by what.
package protocol LockMonitor: WaitMonitor {
    /// Called when the wait begins and whenever the obstacle changes.
    mutating func isBlocked(by obstacle: WaitReason)
    /// What it knows of freezes.
    var freezes: FreezeWatch { get }
    /// Called with the files of freezes before the lock is asked for and once it is there.
    mutating func judge(_ files: [FreezeFile]) -> FreezeWatch.Verdict
}
