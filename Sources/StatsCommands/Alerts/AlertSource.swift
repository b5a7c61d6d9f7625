import CommandSupport
import DeployLock
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import SystemCalls

/// Where alerts get their facts from.
struct AlertSource {
    let settings: LedgerSettings
    let configuration: Configuration
    /// The locks that were named.
    let locks: [String]
    let window: Window
    let now: Instant
    /// The tiers and sources whose last deployments are judged; empty for all.
    let tiers: [String]
    let sources: [String]
    /// Whether all of the ledger is verified.
    let verifiesAll: Bool

    /// How many of the newest events are verified, which takes some milliseconds.
    private static let newest: Int64 = 1000

    /// Looks at the ledger, the locks and the spool.
    func facts() throws -> AlertFacts {
        let reader = try LedgerReader(path: settings.path)
        let metrics = try MetricsReport(
            reader.connection, window: window, filter: ReportFilter(), now: now,
            targets: try Targets.configured(configuration), isDead: Liveness.isDead)
        return AlertFacts(
            metrics: metrics, locks: look(metrics.inFlight), spool: settings.spooled,
            last: try LastDeployments(
                reader.connection, window, tiers: tiers, sources: sources),
            freezes: try RecordedFreeze.all(reader.connection, now: now).filter(\.isInForce),
            overrides: try FreezeOverride.all(reader.connection, window),
            missing: try MissingNumbers(reader.connection, window),
            verification: try verify())
    }

    /// The locks that were named, and those of this machine that the ledger has something under.
    private func look(_ inFlight: InFlight) -> [LiveLock] {
        var paths = LockPlace.paths(locks, configuration)
        let here = inFlight.deployments.filter { $0.host == Machine.hostName }
        var found = paths.map { LiveLock(of: $0) }
        for lock in here.compactMap(\.lock) where !paths.contains(where: { $0.lockFile == lock }) {
            let place = LockPaths(lockFile: lock)
            paths.append(place)
            let seen = LiveLock(of: place)
            // Nobody asked for it: what the ledger says of it is enough.
            if seen.holder != nil { found.append(seen) }
        }
        return found
    }

    private func verify() throws -> AlertFacts.Verification {
        let verifier = LedgerVerifier(settings)
        let report = try verifiesAll ? verifier.verify() : verifier.verify(newest: Self.newest)
        return AlertFacts.Verification(
            // What happened to events is worse than a trigger that is missing.
            problems: (report.problems.filter { $0.seq != nil }
                + report.problems.filter { $0.seq == nil }).map(\.description),
            scope: verifiesAll ? "all events" : "schema and the newest \(report.events) events")
    }
}
