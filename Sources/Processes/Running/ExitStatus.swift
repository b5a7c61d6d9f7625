import Glibc

/// How a process ended.
package enum ExitStatus: Hashable, Sendable {
    /// It exited with this code.
    case exited(CInt)
    /// This signal ended it.
    case signalled(CInt)

    /// Reads the status word of `waitpid(2)`.
    package init(waitStatus: CInt) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited(waitStatus >> 8 & 0xff) : .signalled(signal)
    }

    /// The code a shell would give: the process's own, or 128 + the signal.
    package var code: CInt {
        switch self {
        case .exited(let code): code
        case .signalled(let signal): 128 + signal
        }
    }
}
