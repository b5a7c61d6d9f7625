import CommandSupport
import DeployLock
import Ledger
import SystemCalls

/// Looks in the ledger for what a rollback can go back to, before the command starts: it may be gone
/// later.
struct LastGoodSearch {
    /// Nil when there is none, when nothing is rolled back, or when the ledger did not answer in
    /// time.
    let result: LastGood?

    /// How long the ledger may take, in µs.
    private static let patience: Int64 = 500_000

    init(_ plan: DeploymentPlan) {
        guard let rollback = plan.rollback else {
            result = nil
            return
        }
        let (ledger, lock) = (plan.ledger.path, plan.paths.lockFile)
        let search = try? Background.start { () -> LastGood? in
            let reader = try? LedgerReader(path: ledger, busyTimeoutMilliseconds: 200)
            return try? reader?.lastGood(
                host: Machine.hostName, lock: lock, tier: rollback.lastGoodTier)
        }
        result = search?.result(by: Clock.monotonicMicroseconds() + Self.patience) ?? nil
    }
}
