package import Glibc
package import SystemCalls

/// A command that somebody else started in this process before it became another program.
package struct AdoptedCommand: Sendable {
    /// Its process.
    package let pid: pid_t

    /// The child with this pid.
    package init(pid: pid_t) { self.pid = pid }

    /// Waits until it is gone, but no longer than until `deadline`, in µs of the monotonic clock;
    /// nil when it still runs then.
    ///
    /// What signals come meanwhile was for others.
    package func wait(signals: SignalInbox, until deadline: Int64? = nil) -> ExitStatus? {
        while true {
            do {
                if let status = try ExitStatus.ifEnded(pid) { return status }
            } catch {
                return .unknown
            }
            if let deadline, Clock.monotonicMicroseconds() >= deadline { return nil }
            // SIGCHLD comes through the inbox, so its end wakes us.
            _ = try? Poll.readable([signals.descriptor], until: deadline)
            _ = signals.nextForwarded()
        }
    }
}
