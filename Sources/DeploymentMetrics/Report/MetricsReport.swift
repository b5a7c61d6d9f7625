package import Queries
package import SQLite

/// All metrics of a window, with what is in flight beside them.
package struct MetricsReport: Sendable {
    /// The time the metrics are about.
    package let window: Window
    /// The deployments they are about.
    package let filter: ReportFilter
    /// When the report was made.
    package let now: Instant
    /// What they are measured against.
    package let targets: Targets
    /// The metrics in the usual order; durations once for each tier.
    package let metrics: [Metric]
    /// What has no outcome yet; in none of the rates.
    package let inFlight: InFlight
    /// What there is to report about.
    package let coverage: Coverage

    /// Measures everything in one read transaction, so that the figures agree with each other.
    ///
    /// - Parameter isDead: whether the process of a deployment in flight is known to be gone.
    package init(
        _ connection: Connection, window: Window, filter: ReportFilter, now: Instant,
        targets: Targets = .builtIn, isDead: (InFlightDeployment) -> Bool
    ) throws(ReportError) {
        let wrap = { ReportError.database(query: "metrics", $0) }
        self = try connection.transaction(.deferred, wrapping: wrap) { () throws(ReportError) in
            let inFlight = try InFlight(connection, filter: filter, isDead: isDead)
            let source = MeasureSource(
                connection, window: window, filter: filter, now: now, targets: targets,
                deadWaiters: inFlight.deadWaiters)
            return try MetricsReport(
                source, now: now, inFlight: inFlight, coverage: try Coverage(connection))
        }
    }

    /// Measures inside the caller's transaction.
    package init(
        _ source: MeasureSource, now: Instant, inFlight: InFlight, coverage: Coverage
    ) throws(ReportError) {
        self.init(
            window: source.window, filter: source.filter, now: now,
            targets: source.targets, metrics: try Self.measure(source, inFlight),
            inFlight: inFlight, coverage: coverage)
    }

    private init(
        window: Window, filter: ReportFilter, now: Instant, targets: Targets, metrics: [Metric],
        inFlight: InFlight, coverage: Coverage
    ) {
        self.window = window
        self.filter = filter
        self.now = now
        self.targets = targets
        self.metrics = metrics
        self.inFlight = inFlight
        self.coverage = coverage
    }

    private static func measure(
        _ source: MeasureSource, _ inFlight: InFlight
    ) throws(ReportError) -> [Metric] {
        let targets = source.targets
        let figures = try WindowFigures(source, waiting: inFlight.liveWaiters)
        let imported = try ImportedRuns(source)
        return [LockWaitTime.measure(figures, targets)]
            + DeploymentDuration.measure(figures, targets)
            + [
                QueueLength.measure(figures, targets, isPart: source.filter.dividesQueues),
                SkipRate.measure(figures, imported, targets),
                SuccessRate.measure(figures, targets),
                TimeToDeliver.measure(figures, imported, targets),
                TimeoutRate.measure(figures, imported, targets),
                OrphanRate.measure(figures, source),
            ]
    }

    /// Whether the ledger says nothing about the beginning of the window.
    package var beginsBeforeTheLedger: Bool {
        coverage.first.map { $0 > window.since } ?? true
    }
}

/// What a ledger holds.
package struct Coverage: Sendable {
    /// How many events.
    package let events: Int64
    /// How many deployments.
    package let deployments: Int64
    /// When the first event happened.
    package let first: Instant?

    /// Asks the ledger.
    package init(_ connection: Connection) throws(ReportError) {
        let row = try QueryRun(NamedQuery.named("coverage"), on: connection, [:]).next()
        events = row?.count("events") ?? 0
        deployments = row?.count("deployments") ?? 0
        first = row?.time("first_us")
    }
}
