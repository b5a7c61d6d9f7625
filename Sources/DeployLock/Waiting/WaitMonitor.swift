package import Processes
package import SystemCalls

/// What stands between a deployment and the lock.
package enum Obstacle: Hashable, Sendable {
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

extension Obstacle {
    /// What a dead deployment left; nil when that is in nobody's way.
    init?(left ticket: TicketFile) {
        switch ticket.remainder {
        case .nothing: return nil
        case .command(let command): self = .survivor(ticket, command)
        case .unreadable(let error): self = .unreadable(ticket, error)
        }
    }
}

/// The caller's side of a wait: when to give up and what to do meanwhile.
package protocol WaitMonitor {
    /// When to give up, on the monotonic clock in µs; nil waits for ever.
    var deadline: Int64? { get }
    /// Becomes readable when something happened that may end the wait, such as a signal.
    var interruptDescriptor: Int32 { get }
    /// Called when `interruptDescriptor` is readable; true ends the wait.
    mutating func isInterrupted() -> Bool
    /// Called when the wait begins and whenever the obstacle changes.
    mutating func isBlocked(by obstacle: Obstacle)
    /// Called when `nextTick` has come.
    mutating func tick()
    /// When `tick` wants to be called, on the monotonic clock in µs; nil never.
    var nextTick: Int64? { get }
}

/// How a wait ended without the lock.
package enum WaitFailure: Hashable, Sendable {
    /// The deadline came.
    case timedOut
    /// The monitor ended it.
    case interrupted
}
