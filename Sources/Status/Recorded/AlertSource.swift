package import DeploymentMetrics
package import Ledger
package import Queries
package import Reporting

/// Where alerts get from what the ledger tells.
package struct AlertSource: Sendable {
    /// The ledger.
    package var settings: LedgerSettings
    /// What the metrics are measured against.
    package var targets = Targets.builtIn
    /// For how long back metrics and last deployments are looked at, in µs.
    package var length = Window.usualLength
    /// The zone of the window.
    package var zone = Zone.utc
    /// The tiers whose last deployments are judged; empty for all.
    package var tiers: [String] = []
    /// The sources likewise.
    package var sources: [String] = []
    /// Whether all of the ledger is verified, which takes time.
    package var verifiesAll = false

    /// The usual questions about a ledger.
    package init(_ settings: LedgerSettings) {
        self.settings = settings
    }

    /// The window that ends at a moment.
    package func window(until now: Instant) -> Window {
        Window(last: length, until: now, zone: zone)
    }

    /// Asks the ledger, and verifies it.
    ///
    /// - Throws: `ReportError`, `LedgerError`.
    package func recorded(_ reader: LedgerReader, now: Instant) throws -> AlertFacts.Recorded {
        let window = window(until: now)
        let connection = reader.connection
        return AlertFacts.Recorded(
            metrics: try MetricsReport(
                connection, window: window, filter: ReportFilter(), now: now, targets: targets,
                isDead: Liveness.isDead),
            last: try LastDeployments(connection, window, tiers: tiers, sources: sources),
            freezes: try RecordedFreeze.all(connection, now: now).filter(\.isInForce),
            overrides: try FreezeOverride.all(connection, window),
            missing: try MissingNumbers(connection, window),
            verification: try verify())
    }

    private func verify() throws -> AlertFacts.Verification {
        let verifier = LedgerVerifier(settings)
        let report = try verifiesAll ? verifier.verify() : verifier.verifyNewest()
        return AlertFacts.Verification(
            // What happened to events is worse than a trigger that is missing.
            problems: (report.problems.filter { $0.seq != nil }
                + report.problems.filter { $0.seq == nil }).map(\.description),
            scope: verifiesAll ? "all events" : "schema and the newest \(report.events) events")
    }
}
