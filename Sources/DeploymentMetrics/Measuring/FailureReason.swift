/// Why a deployment that had the lock did not succeed.
package enum FailureReason: String, Sendable, CaseIterable {
    /// Its command exited with something else than 0.
    case command
    /// A signal ended its command.
    case signal
    /// Its command could not be started.
    case start
    /// Its command succeeded, and the check of it did not.
    case health
    /// It was ended because it ran too long.
    case overran
    /// A person freed the lock.
    case forceUnlocked = "force-unlocked"
    /// It died, and nobody can tell how its command ended.
    case orphaned

    /// In a few words, with how many of them there were.
    package func text(_ count: Int64) -> String {
        switch self {
        case .command: "\(count) by \(count == 1 ? "its" : "their") command"
        case .signal: "\(count) ended by a signal"
        case .start: "\(count) could not be started"
        case .health: "\(count) unhealthy"
        case .overran: "\(count) ran too long"
        case .forceUnlocked: "\(count) force-unlocked"
        case .orphaned: "\(count) orphaned"
        }
    }
}
