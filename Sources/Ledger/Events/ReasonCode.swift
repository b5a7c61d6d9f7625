/// Why a deployment was left out, where a metric asks for it: the `reason` of its last event.
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
