/// Why a deployment was skipped, as the `reason` of its last event.
///
/// Metrics ask for the last two; `record skip` may give any other.
package enum ReasonCode: String, Sendable {
    /// It was not willing to wait, and the lock was taken.
    case noWait = "no-wait"
    /// Enough others were running or waiting.
    case maxQueue = "max-queue"
    /// A newer one was as good.
    case supersede
    /// The lock could not be used.
    case unusable
    /// Deployments were frozen.
    case frozen
}
