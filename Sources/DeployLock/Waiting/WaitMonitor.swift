/// The caller's side of a wait: when to give up and what to do meanwhile.
package protocol WaitMonitor {
    /// When to give up, on the monotonic clock in µs; nil waits for ever.
    var deadline: Int64? { get }
    /// Becomes readable when something happened that may end the wait, such as a signal.
    var interruptDescriptor: Int32 { get }
    /// Called when `interruptDescriptor` is readable; true ends the wait.
    mutating func isInterrupted() -> Bool
    /// Called when `nextTick` has come; anything but nil ends the wait.
    mutating func tick() -> WaitFailure?
    /// When to call `tick` next, on the monotonic clock in µs; nil never.
    var nextTick: Int64? { get }
}

/// How a wait ended without the lock.
package enum WaitFailure: Hashable, Sendable {
    /// The deadline came.
    case timedOut
    /// The monitor ended it.
    case interrupted
    /// Deployments are frozen for longer than the wait may last.
    case frozen
}
