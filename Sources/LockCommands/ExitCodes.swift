import Glibc

/// Every code `deploy-with-lock` ends with, beside the command's own and 128 + signal.
enum ExitCodes {
    /// The lock was not acquired; `--busy-exit-code` replaces it.
    static let busy: CInt = 1
    /// A mistake on the command line; `EX_USAGE` of sysexits.h.
    static let usage: CInt = 64
    /// The lock file cannot be opened; `EX_NOINPUT` of sysexits.h, as flock(1) has it.
    static let lockUnusable: CInt = 66
    /// The command was found and cannot be executed.
    static let notExecutable: CInt = 126
    /// The command was not found.
    static let notFound: CInt = 127

    /// The code for a command that could not be started, as shells have it.
    static func startFailure(_ code: CInt) -> CInt {
        code == ENOENT || code == ENOTDIR ? notFound : notExecutable
    }
}
