import CommandSupport
import Glibc
import SystemCalls

/// Looks again and again, until it is told to stop or nobody reads any more.
struct StatusWatch {
    let look: StatusLook
    /// Between two looks, in µs.
    let interval: Int64

    private static let clear = "\u{1b}[H\u{1b}[J"

    /// Runs to the end; the result is the exit code of the last look.
    func run() throws -> CInt {
        let signals = Self.blockSignals()
        let redraws = look.format == .text && StandardOutput.canRedraw
        while true {
            let seen = look.look()
            let end = look.format == .text && !redraws ? "\n" : ""
            try StandardOutput.print((redraws ? Self.clear : "") + seen.text + end)
            if pause(signals) { return seen.code }
        }
    }

    /// The signals that end it, kept from acting on their own so that the end is an ordinary one.
    private static func blockSignals() -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        sigprocmask(SIG_BLOCK, &signals, nil)
        return signals
    }

    /// Waits for the next look; true when a signal asked for the end.
    private func pause(_ signals: sigset_t) -> Bool {
        var signals = signals
        var time = timespec(
            tv_sec: Int(interval / 1_000_000), tv_nsec: Int(interval % 1_000_000) * 1000)
        while true {
            if sigtimedwait(&signals, nil, &time) > 0 { return true }
            if errno != EINTR { return false }
        }
    }
}
