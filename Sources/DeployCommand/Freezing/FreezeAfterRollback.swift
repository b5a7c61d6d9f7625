import CommandSupport
import DeployLock
import Ledger
import SystemCalls
import Wording

/// A freeze that a rollback makes, so that the next deployment does not bring the same again before
/// somebody has looked.
enum FreezeAfterRollback {
    /// Writes it down; the result is its event for the ticket and the ledger, or why there is none.
    ///
    /// - Parameters:
    ///   - length: how long, in µs.
    ///   - deployment: what was rolled back.
    static func make(
        for length: Int64, after deployment: (id: EventID?, number: Int64?), origin: Origin,
        in queue: WaitQueue
    ) -> Result<EventEnvelope, LockError> {
        let name = deployment.number.map { "#\($0)" } ?? "a deployment"
        let (freeze, event) = FreezeEvents(
            lock: queue.paths.lockFile, origin: origin,
            cause: (deployment.id, deployment.number)
        ).begin(
            until: Clock.wallMicroseconds() + length, reason: "\(name) was rolled back",
            replacing: nil)
        do throws(LockError) {
            try queue.freeze(freeze)
            return .success(event)
        } catch {
            return .failure(error)
        }
    }
}
