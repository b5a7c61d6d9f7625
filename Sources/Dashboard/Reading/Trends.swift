import DeploymentMetrics
import Ledger
import Queries
import Reporting
import Status
import Synchronization
import SystemCalls

/// The weeks before, kept for a while: they hardly change, and reading them takes long in a large
/// ledger.
final class Trends: Sendable {
    private struct Kept {
        /// Monotonic clock, in µs.
        let made: Int64
        let report: Task<TrendReport, any Error>
    }

    private let targets: Targets
    private let access: LedgerAccess
    private let kept = Mutex<[String: Kept]>([:])

    /// In µs.
    private static let oldest: Int64 = 60_000_000
    /// Readers choose zones.
    private static let most = 8

    init(_ targets: Targets, _ access: LedgerAccess) {
        self.targets = targets
        self.access = access
    }

    /// The last weeks, as of a minute ago at most.
    func report(_ zone: Zone, now: Instant) async throws -> TrendReport {
        let made = Clock.monotonicMicroseconds()
        let task = kept.withLock { kept -> Task<TrendReport, any Error> in
            if let one = kept[zone.name], made - one.made < Self.oldest { return one.report }
            let task = Task { [targets, access] in
                try await access.read(.trends) { reader in
                    try TrendReport(
                        reader.connection, zone: zone, now: now, targets: targets,
                        isDead: Liveness.isDead)
                }
            }
            if kept.count >= Self.most { kept = [:] }
            kept[zone.name] = Kept(made: made, report: task)
            return task
        }
        do {
            return try await task.value
        } catch {
            // The next one tries again.
            kept.withLock { if $0[zone.name]?.made == made { $0[zone.name] = nil } }
            throw error
        }
    }
}
