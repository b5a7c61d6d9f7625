public import Glibc
import SystemCalls

/// A command that has been started and not been waited for.
public struct RunningCommand: ~Copyable, Sendable {
    /// Its process id; ours to use until `wait` has returned.
    public let pid: pid_t

    /// Waits until the command is really gone and passes on the signals that come meanwhile.
    public consuming func wait(signals: SignalInbox) -> ExitStatus {
        var status: CInt = 0
        while true {
            let result = waitpid(pid, &status, WNOHANG)
            if result == pid { return ExitStatus(waitStatus: status) }
            // ECHILD cannot happen while SIGCHLD has its default disposition; never spin on it.
            if result == -1, errno == ECHILD { return .exited(255) }
            // SIGCHLD comes through the inbox too, so its end wakes us.
            _ = try? Poll.readable([signals.descriptor], until: nil)
            let routing = SignalRouting(command: pid)
            while let signal = signals.next() {
                if signal.number != SIGCHLD, routing.forwards(signal) { kill(pid, signal.number) }
            }
        }
    }
}
