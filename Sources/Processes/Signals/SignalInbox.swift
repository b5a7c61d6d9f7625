import CLinux
package import Glibc
package import SystemCalls

/// A signal that was sent to this process.
package struct ReceivedSignal: Hashable, Sendable {
    /// Its number.
    package let number: CInt
    /// Whether the kernel sent it, as for a key typed at the terminal or a hang-up, and not a
    /// process.
    package let isFromKernel: Bool
    /// The process that sent it, as our pid namespace numbers it; 0 for one outside of it.
    package let sender: pid_t
}

/// The signals we pass on, read from a descriptor instead of in handlers.
///
/// From `open` on they are blocked, so none can end the process between two steps. Source:
/// signalfd(2).
package final class SignalInbox: Sendable {
    /// What goes on to the command.
    package static let forwarded: [CInt] = [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2]

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
        var set = sigset_t()
        sigemptyset(&set)
        for number in forwarded where !(number == SIGHUP && ignoresHangUp) {
            // Ignored signals never reach the inbox: shells start background jobs with SIGINT and
            // SIGQUIT ignored.
            signal(number, SIG_DFL)
            sigaddset(&set, number)
        }
        signal(SIGPIPE, SIG_IGN)
        signal(SIGCHLD, SIG_DFL)
        sigaddset(&set, SIGCHLD)
        let code = pthread_sigmask(SIG_BLOCK, &set, nil)
        guard code == 0 else { throw SystemError("pthread_sigmask", code: code) }
        let raw = signalfd(-1, &set, CInt(SFD_CLOEXEC) | CInt(SFD_NONBLOCK))
        guard raw >= 0 else { throw SystemError("signalfd") }
        return SignalInbox(file: FileDescriptor(owning: raw), ignoresHangUp: ignoresHangUp)
    }

    private init(file: consuming FileDescriptor, ignoresHangUp: Bool) {
        self.file = file
        self.ignoresHangUp = ignoresHangUp
    }

    /// Takes the next signal out, if there is one: one of `forwarded`, or SIGCHLD.
    package func next() -> ReceivedSignal? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        guard read(file.rawValue, &info, size) == size else { return nil }
        return ReceivedSignal(
            number: CInt(info.ssi_signo), isFromKernel: info.ssi_code == kernelCode,
            sender: pid_t(bitPattern: info.ssi_pid))
    }
}

extension SignalInbox {
    /// Takes out all signals that have come; the last of `forwarded` among them.
    package func nextForwarded() -> CInt? {
        var last: CInt?
        while let received = next() {
            if Self.forwarded.contains(received.number) { last = received.number }
        }
        return last
    }
}

/// `SI_KERNEL` of sigaction(2), which Swift does not import.
private let kernelCode: Int32 = 0x80
