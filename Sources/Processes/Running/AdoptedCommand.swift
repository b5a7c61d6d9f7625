package import Glibc
package import SystemCalls

/// A command that somebody else started in this process before it became another program.
package struct AdoptedCommand: Sendable {
    private let pid: pid_t

    /// The child with this pid.
    package init(pid: pid_t) { self.pid = pid }

    /// Waits until it is gone; what signals come meanwhile was for others.
    package func wait(signals: SignalInbox) -> ExitStatus {
        while true {
            do {
                if let status = try ExitStatus.ifEnded(pid) { return status }
            } catch {
                return .unknown
            }
            // SIGCHLD comes through the inbox, so its end wakes us.
            _ = try? Poll.readable([signals.descriptor], until: nil)
            _ = signals.nextForwarded()
        }
    }
}
