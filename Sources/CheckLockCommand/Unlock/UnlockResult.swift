import DeployLock

/// What a forced unlock came to, as the ledger has it.
enum UnlockResult: String, Sendable {
    /// Nothing ran any more.
    case gone
    /// What ran ended when it was asked to.
    case terminated
    /// Something had to be killed.
    case killed
    /// Something is left although it was killed.
    case failed
    /// The lock was replaced and what ran was left running.
    case abandoned
    /// What was left running has ended.
    case ended
    /// The processes belong to somebody else; nothing was changed.
    case notPermitted = "not_permitted"

    init(_ result: ProcessTermination.Result) {
        switch result {
        case .gone: self = .gone
        case .terminated: self = .terminated
        case .killed: self = .killed
        case .failed: self = .failed
        }
    }
}
