/// What the events of a deployment tell of its steps, and of what held it back.
///
/// Each value is the most that any of them says, so that the order in which they arrive does not
/// matter. Of words that is the last in the alphabet, which is the worst.
struct DeploymentLife: Hashable, Sendable {
    /// How long its steps took, in µs; nil where there was none, or nobody told.
    var commandUs: Int64?
    var healthUs: Int64?
    var rollbackUs: Int64?
    /// How long it waited only because deployments were frozen, in µs.
    var frozenUs: Int64?
    /// The exit code of its wrapper.
    var endedWith: Int64?
    /// A `HealthVerdict`.
    var health: String?
    /// The `StepResult` of its rollback.
    var rollback: String?
    /// Whether it ran in spite of a freeze.
    var overrode = false
    /// Where its output was kept.
    var logFile: String?

    /// Takes one more event into account.
    mutating func take(_ event: Event) {
        switch event.kind {
        case .acquired, .released, .timedOut, .refused, .cancelled, .superseded, .rolledBack: break
        default: return
        }
        Self.raise(&commandUs, to: event.commandUs)
        Self.raise(&healthUs, to: event.healthUs)
        Self.raise(&rollbackUs, to: event.rollbackUs)
        Self.raise(&frozenUs, to: event.frozenUs)
        Self.raise(&endedWith, to: event.endedWith)
        if let verdict = event.health, HealthVerdict(rawValue: verdict) != nil {
            Self.raise(&health, to: verdict)
        }
        let result = event.rollback ?? (event.kind == .rolledBack ? event.result : nil)
        if let result, StepResult(rawValue: result)?.isOfRollback == true {
            Self.raise(&rollback, to: result)
        }
        if event.overrode?.isEmpty == false { overrode = true }
        if let file = event.logFile { Self.raise(&logFile, to: file) }
    }

    private static func raise(_ value: inout Int64?, to other: Int64?) {
        guard let other else { return }
        value = max(value ?? other, other)
    }

    /// By their bytes, as SQLite compares them.
    private static func raise(_ value: inout String?, to other: String) {
        if let known = value, !known.utf8.lexicographicallyPrecedes(other.utf8) { return }
        value = other
    }
}

extension StepResult {
    /// Whether a rollback can come to it.
    fileprivate var isOfRollback: Bool {
        switch self {
        case .done, .failed, .timedOut, .notRun, .interrupted: true
        case .healthy, .unhealthy: false
        }
    }
}
