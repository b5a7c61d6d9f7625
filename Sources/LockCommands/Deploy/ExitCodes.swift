import Glibc
import SystemCalls

/// Every code `deploy-with-lock` ends with, beside the command's own and 128 + signal.
enum ExitCodes {
    /// The lock was not acquired; `--busy-exit-code` replaces it.
    static let busy: CInt = 1
    /// It was skipped or stepped aside for a newer one; `--skip-exit-code` replaces it.
    static let skipped: CInt = 0
    /// A mistake on the command line; `EX_USAGE` of sysexits.h.
    static let usage: CInt = 64
    /// The lock file cannot be opened; `EX_NOINPUT` of sysexits.h, as flock(1) has it.
    static let lockUnusable: CInt = 66
    /// The system had not the means to start the command; `EX_OSERR` of sysexits.h.
    static let systemError: CInt = 71
    /// The command was found and cannot be executed.
    static let notExecutable: CInt = 126
    /// The command was not found.
    static let notFound: CInt = 127

    /// The code for a command that could not be started, as shells have it but for what another
    /// attempt may well get past.
    static func startFailure(_ code: CInt) -> CInt {
        switch code {
        case ENOENT, ENOTDIR: notFound
        case EAGAIN, ENOMEM, EMFILE, ENFILE, EIO: systemError
        default: notExecutable
        }
    }

    /// Why a command could not be started, in a few words.
    static func startFailureReason(_ error: SystemError) -> String {
        switch startFailure(error.code) {
        case notFound: return "command not found"
        case systemError: return "command not started: \(error.reason)"
        default:
            let isPlain = error.code == EACCES || error.code == ENOEXEC
            return "command not executable" + (isPlain ? "" : ": \(error.reason)")
        }
    }
}
