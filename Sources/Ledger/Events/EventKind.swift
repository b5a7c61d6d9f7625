import JSON

/// What an event tells.
package enum EventKind: String, RecordText, Hashable, Sendable, CaseIterable {
    /// A deployment asked for the lock.
    case requested
    /// It has the lock; its command starts.
    case acquired
    /// Its wrapper was killed while it had the lock; its keeper goes on and will tell the end.
    case wrapperLost = "wrapper_lost"
    /// Its command is gone and the lock is free again.
    case released
    /// It gave up waiting.
    case timedOut = "timed_out"
    /// It was not willing to wait and the lock was taken.
    case refused
    /// It ended while it waited, by a signal or by dying.
    case cancelled
    /// It was left out because enough deployments were pending.
    case skipped
    /// It stepped aside for a newer one.
    case superseded
    /// A person freed the lock.
    case forcedUnlock = "forced_unlock"
    /// Wrapper and keeper died while it had the lock, so nobody can tell how its command ended.
    case orphaned
    /// Its command ran longer than it was allowed to.
    case overran
    /// Somebody looked whether the deployed service is well.
    case healthChecked = "health_checked"
    /// An older version was put back.
    case rolledBack = "rolled_back"
    /// Deployments were forbidden.
    case frozen
    /// Deployments were allowed again.
    case unfrozen
    /// A command started inside a deployment that already had the lock or, with how long it ran,
    /// it ended.
    case nested
    /// A run that happened elsewhere was added.
    case imported
    /// The detail of an earlier event was removed.
    case redacted
    /// A new ledger took the place of a damaged one.
    case continued

    /// Whether a deployment has its outcome with this.
    package var endsDeployment: Bool {
        switch self {
        case .released, .timedOut, .refused, .cancelled, .skipped, .superseded, .forcedUnlock,
            .orphaned:
            true
        case .requested, .acquired, .wrapperLost, .overran, .healthChecked, .rolledBack, .frozen,
            .unfrozen, .nested, .imported, .redacted, .continued:
            false
        }
    }
}

/// How a deployment ended.
package enum Outcome: String, RecordText, Hashable, Sendable, CaseIterable {
    /// The command ran and exited with 0.
    case succeeded
    /// The command exited with something else or was ended by a signal.
    case failed
    /// A person freed the lock while it had it.
    case forceUnlocked = "force_unlocked"
    /// It died while it had the lock, and nobody can tell how its command ended.
    case orphaned
    /// It gave up waiting.
    case timedOut = "timed_out"
    /// It was not willing to wait.
    case refused
    /// It ended while it waited.
    case cancelled
    /// It was left out because enough deployments were pending.
    case skipped
    /// It stepped aside for a newer one.
    case superseded
}
