import DeploymentMetrics
import Ledger
import Queries
import Reporting
import Status
import Synchronization

/// The weeks before, kept for a while: they hardly change, and reading them takes long in a large
/// ledger.
final class Trends: Sendable {
    private struct Kept {
        let made: Instant
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
        let task = kept.withLock { kept -> Task<TrendReport, any Error> in
            if let one = kept[zone.name], now.microseconds - one.made.microseconds < Self.oldest {
                return one.report
            }
            let task = Task { [targets, access] in
                try await access.read(.queries) { reader in
                    try TrendReport(
                        reader.connection, zone: zone, now: now, targets: targets,
                        isDead: Liveness.isDead)
                }
            }
            if kept.count >= Self.most { kept = [:] }
            kept[zone.name] = Kept(made: now, report: task)
            return task
        }
        do {
            return try await task.value
        } catch {
            // The next one tries again.
            kept.withLock { $0[zone.name] = nil }
            throw error
        }
    }
}
