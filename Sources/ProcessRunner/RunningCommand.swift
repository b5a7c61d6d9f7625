public import Glibc
import SystemCalls

/// A command that has been started and not been waited for.
public struct RunningCommand: ~Copyable, Sendable {
    /// Its process id; ours to use until `wait` has returned.
    public let pid: pid_t
    /// How it ended, once it has been waited for.
    private var status: ExitStatus?

    init(pid: pid_t) { self.pid = pid }

    /// Waits until the command is really gone and passes on the signals that come meanwhile.
    public consuming func wait(signals: SignalInbox) -> ExitStatus {
        while true {
            if let status = wait(signals: signals, until: nil) { return status }
        }
    }

    /// The same, but no longer than until `deadline`, in µs of the monotonic clock; nil when the
    /// command still runs then.
    public mutating func wait(signals: SignalInbox, until deadline: Int64?) -> ExitStatus? {
        while true {
            if let status { return status }
            var word: CInt = 0
            let result = waitpid(pid, &word, WNOHANG)
            if result == pid {
                status = ExitStatus(waitStatus: word)
            } else if result == -1, errno == ECHILD {
                // Cannot happen while SIGCHLD has its default disposition; never spin on it.
                status = .exited(255)
            } else {
                // SIGCHLD comes through the inbox too, so its end wakes us.
                _ = try? Poll.readable([signals.descriptor], until: deadline)
                forward(signals)
                if let deadline, Clock.monotonicMicroseconds() >= deadline { return nil }
            }
        }
    }

    private func forward(_ signals: SignalInbox) {
        let routing = SignalRouting(command: pid)
        while let signal = signals.next() {
            if signal.number != SIGCHLD, routing.forwards(signal) { kill(pid, signal.number) }
        }
    }
}
