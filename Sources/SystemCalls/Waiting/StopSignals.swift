import Glibc

/// The signals INT, TERM and HUP as a wish: from its creation on they do not act on their own, so
/// that the end of a program that goes on until told otherwise is an ordinary one.
package struct StopSignals {
    private let signals: sigset_t

    /// Keeps the signals from acting.
    ///
    /// The C function is `sigprocmask`.
    package init() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        sigprocmask(SIG_BLOCK, &signals, nil)
        self.signals = signals
    }

    /// Waits for a time in µs; true at once when one of the signals comes.
    ///
    /// The C function is `sigtimedwait`.
    package func comes(within microseconds: Int64) -> Bool {
        var signals = signals
        let deadline = Clock.monotonicMicroseconds() + microseconds
        while true {
            let rest = max(0, deadline - Clock.monotonicMicroseconds())
            var time = timespec(
                tv_sec: Int(rest / 1_000_000), tv_nsec: Int(rest % 1_000_000) * 1000)
            if sigtimedwait(&signals, nil, &time) > 0 { return true }
            if errno != EINTR { return false }
        }
    }
}
