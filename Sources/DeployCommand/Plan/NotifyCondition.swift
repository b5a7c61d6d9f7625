/// What may be told of a deployment.
enum NotifyCondition: String, CaseIterable, Sendable {
    /// It has the lock; told beside the command.
    case acquired
    /// Its command has been running for `--warn-after`.
    case warned
    case succeeded
    /// It is the first of its lock that succeeded after one that did not.
    case recovered
    case failed
    /// Something was put back, or should have been.
    case rolledBack = "rolled_back"
    /// Its command exceeded `--max-duration` or `--max-silence`.
    case overran
    /// It gave up waiting.
    case timedOut = "timed_out"
    /// It did not wait: for a lock that was taken, or that cannot be used.
    case refused
    /// Deployments are frozen: it was refused, or has frozen them itself after its rollback.
    case frozen
    /// A signal ended its wait.
    case cancelled
    case skipped
    /// It stepped aside for a newer one.
    case superseded
    /// A person freed the lock.
    case forcedUnlock = "forced_unlock"

    /// What people like to hear of.
    static let usual: Set<NotifyCondition> = [
        .failed, .rolledBack, .timedOut, .forcedUnlock, .overran, .frozen, .recovered,
    ]

    /// Whether somebody should look at it.
    var needsAttention: Bool {
        switch self {
        case .acquired, .succeeded, .recovered, .skipped, .superseded: false
        case .warned, .failed, .rolledBack, .overran, .timedOut, .refused, .frozen, .cancelled,
            .forcedUnlock:
            true
        }
    }
}
