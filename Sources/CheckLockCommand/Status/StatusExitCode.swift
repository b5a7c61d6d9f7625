import DeployLock

/// What `check-deploy-lock --exit-code` ends with.
enum StatusExitCode {
    /// Nobody has the lock.
    static let free: CInt = 0
    /// A deployment or somebody else has it.
    static let held: CInt = 1
    /// A deployment died without a release, whether its command still runs or not.
    static let orphan: CInt = 2
    /// It cannot be told; without `--exit-code`, too.
    static let unknown: CInt = 3
}

extension LockReport {
    /// The exit code for the state.
    var exitCode: CInt {
        switch state.owner.condition {
        case .free: StatusExitCode.free
        case .held, .stranger: StatusExitCode.held
        case .runningOrphan, .deadOrphan: StatusExitCode.orphan
        case nil: StatusExitCode.unknown
        }
    }
}
