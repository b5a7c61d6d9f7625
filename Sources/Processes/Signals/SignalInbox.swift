import Glibc
package import SystemCalls

/// The signals we pass on, read from a descriptor instead of in handlers.
///
/// From `open` on they are blocked.
package final class SignalInbox: Sendable {
    /// What goes on to the command.
    package static let forwarded: [CInt] = [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2]

    /// Those of them that ask a deployment to stop.
    package static let stopping: [CInt] = [SIGTERM, SIGINT, SIGHUP, SIGQUIT]

    private let file: FileDescriptor

    /// Readable when a signal has come.
    package var descriptor: CInt { file.rawValue }

    /// Whether a hang-up was being ignored when we started, as `nohup(1)` arranges; then it stays
    /// ignored, for the command too.
    package let ignoresHangUp: Bool

    /// Blocks the signals and opens the inbox; ignores SIGPIPE, because a lost connection must not
    /// end the wrapper before the release is recorded.
    package static func open() throws(SystemError) -> SignalInbox {
        var hangUp = sigaction()
        sigaction(SIGHUP, nil, &hangUp)
        let ignoresHangUp = unsafeBitCast(hangUp.__sigaction_handler.sa_handler, to: Int.self) == 1
        let wanted = forwarded.filter { !($0 == SIGHUP && ignoresHangUp) } + [SIGCHLD]
        // Ignored signals never reach the inbox: shells start background jobs with SIGINT and SIGQUIT
        // ignored.
        for number in wanted { signal(number, SIG_DFL) }
        signal(SIGPIPE, SIG_IGN)
        return SignalInbox(file: try .signals(wanted), ignoresHangUp: ignoresHangUp)
    }

    private init(file: consuming FileDescriptor, ignoresHangUp: Bool) {
        self.file = file
        self.ignoresHangUp = ignoresHangUp
    }

    /// Takes the next signal out, if there is one: one of `forwarded`, or SIGCHLD.
    package func next() -> ReceivedSignal? { file.takeSignal() }
}

extension SignalInbox {
    /// Takes out all signals that have come; the first of `stopping` among them.
    package func nextStopping() -> CInt? {
        var first: CInt?
        while let received = next() {
            if first == nil, Self.stopping.contains(received.number) { first = received.number }
        }
        return first
    }

    /// Takes out all signals that have come; the last of `forwarded` among them.
    package func nextForwarded() -> CInt? {
        var last: CInt?
        while let received = next() {
            if Self.forwarded.contains(received.number) { last = received.number }
        }
        return last
    }
}
