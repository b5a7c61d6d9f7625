import DeploymentMetrics
import Ledger
import Queries
import Reporting
import Status

/// The weeks before, kept for a while: they hardly change, and reading them takes long in a large
/// ledger.
struct Trends: Sendable {
    private let targets: Targets
    private let access: LedgerAccess
    /// By the name of a zone: readers choose them.
    private let kept = SharedReads<String, TrendReport>(most: 8, for: 60_000_000)

    init(_ targets: Targets, _ access: LedgerAccess) {
        self.targets = targets
        self.access = access
    }

    /// The last weeks, as of a minute ago at most.
    func report(_ zone: Zone, now: Instant) async throws -> TrendReport {
        try await kept.value(zone.name) { [targets, access] in
            try await access.read(.trends) { reader in
                try TrendReport(
                    reader.connection, zone: zone, now: now, targets: targets,
                    isDead: Liveness.isDead)
            }
        }
    }
}
