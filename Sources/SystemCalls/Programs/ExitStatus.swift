package import Glibc

/// How a process ended.
package enum ExitStatus: Hashable, Sendable {
    /// It exited with this code.
    case exited(CInt)
    /// This signal ended it.
    case signalled(CInt)

    /// Somebody else took its end.
    package static let unknown = exited(255)

    /// Reads the status word of `waitpid(2)`.
    package init(waitStatus: CInt) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited(waitStatus >> 8 & 0xff) : .signalled(signal)
    }

    /// Waits until a child has ended and takes its end: nobody else gets it, and its id may be anybody's.
    ///
    /// The C function is `waitpid`.
    @discardableResult
    package static func ofEnded(_ child: pid_t) throws(SystemError) -> ExitStatus {
        var word: CInt = 0
        try checked("waitpid", String(child)) { waitpid(child, &word, 0) }
        return ExitStatus(waitStatus: word)
    }

    /// The same at once; nil when it still runs.
    package static func ifEnded(_ child: pid_t) throws(SystemError) -> ExitStatus? {
        var word: CInt = 0
        let ended = try checked("waitpid", String(child)) { waitpid(child, &word, WNOHANG) }
        return ended == child ? ExitStatus(waitStatus: word) : nil
    }

    /// The code a shell would give: the process's own, or 128 + the signal.
    package var code: CInt {
        switch self {
        case .exited(let code): code
        case .signalled(let signal): 128 + signal
        }
    }
}
