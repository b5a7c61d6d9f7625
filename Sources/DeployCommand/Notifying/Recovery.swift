import Ledger
import SystemCalls

/// Looks in the ledger whether a success is the first one after a failure.
struct Recovery: Sendable {
    /// The path of the ledger.
    let ledger: String
    let lock: String
    let deployment: EventID

    /// How long the ledger may take, in µs.
    private static let patience: Int64 = 500_000

    /// The deployment before this one; nil when it succeeded, when there is none, or when the ledger
    /// did not answer in time.
    func failedBefore() -> Failed? {
        let (ledger, lock, deployment) = (ledger, lock, deployment)
        let search = try? Background.start { () -> Failed? in
            guard let reader = try? LedgerReader(path: ledger, busyTimeoutMilliseconds: 200),
                let last = try? reader.lastEnd(
                    host: Machine.hostName, lock: lock, besides: deployment),
                last.outcome != .succeeded
            else { return nil }
            return Failed(number: last.number)
        }
        return search?.result(by: Clock.monotonicMicroseconds() + Self.patience) ?? nil
    }

    /// A deployment that did not succeed.
    struct Failed: Sendable {
        let number: Int64?
    }
}
