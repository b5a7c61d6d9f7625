/// Every exit code of every tool; 0 is success unless a table says otherwise.
///
/// README, the help texts and the manual pages show the same tables.
package enum ExitCodes {
    /// A usage error, of all tools; `EX_USAGE` of sysexits.h.
    package static let usage: CInt = 64
    /// The lock file cannot be opened; `EX_NOINPUT` of sysexits.h, as flock(1) has it.
    package static let lockUnusable: CInt = 66

    // MARK: - deploy-with-lock, beside the command's own and 128 + signal

    /// The lock was not acquired; `--busy-exit-code` replaces it.
    package static let busy: CInt = 1
    /// It was skipped or stepped aside for a newer one; `--skip-exit-code` replaces it.
    package static let skipped: CInt = 0
    /// The command succeeded and the health check did not; `--health-exit-code` replaces it.
    ///
    /// `EX_UNAVAILABLE` of sysexits.h.
    package static let unhealthy: CInt = 69
    /// The command exceeded `--max-duration` or `--max-silence`, as timeout(1) has it.
    package static let overran: CInt = 124
    /// The system could not start the command; `EX_OSERR` of sysexits.h.
    package static let systemError: CInt = 71
    /// The command was found and cannot be executed.
    package static let notExecutable: CInt = 126
    /// The command was not found.
    package static let notFound: CInt = 127

    /// `check-deploy-lock --exit-code`.
    package enum Status {
        /// Nobody holds the lock.
        package static let free: CInt = 0
        /// A deployment or somebody else holds it.
        package static let held: CInt = 1
        /// A deployment died without a release, whether its command still runs or not.
        package static let orphan: CInt = 2
        /// Unknown; without `--exit-code`, too.
        package static let unknown: CInt = 3
    }

    /// `check-deploy-lock --force-unlock`.
    package enum Unlock {
        /// The lock was not freed.
        package static let refused: CInt = 1
    }

    /// `check-deploy-lock audit`.
    package enum Audit {
        /// Something deploys outside the lock.
        package static let found: CInt = 1
        /// Nothing was found, but not everything could be read.
        package static let incomplete: CInt = 2
    }

    /// `check-deploy-queue`.
    package enum QueueCheck {
        /// With `--strict`: the queue could not be counted, or the outputs not be written.
        package static let unknown: CInt = 3
    }

    /// `deploystats`.
    package enum Stats {
        /// The ledger cannot be read, or nothing of that name is in it.
        package static let failed: CInt = 1
        /// `verify`: the ledger is damaged, was altered, or started over.
        package static let damaged: CInt = 2
        /// `alerts --fail-on`: something is that bad.
        package static let alert: CInt = 3
        /// `doctor`: at least one warning.
        package static let warning: CInt = 1
        /// `doctor`: at least one critical finding.
        package static let critical: CInt = 2
        /// `setup`: only root can do it; `EX_NOPERM` of sysexits.h.
        package static let notRoot: CInt = 77
    }

    /// `deploy-dashboard`.
    package enum Dashboard {
        /// It cannot listen, or the tokens cannot be read or written.
        package static let failed: CInt = 1
    }
}
