package import Ledger
package import Queries
package import SQLite

/// What is measured: a window, a filter, and the two taps that deployments come from.
package struct MeasureSource {
    package let connection: Connection
    package let window: Window
    package let filter: ReportFilter
    /// What the metrics are measured against.
    package let targets: Targets
    /// Waiters whose process is known to be gone.
    package let deadWaiters: [String]

    /// The end of the time that can be known: of the window, but not later than now.
    package let knownUntil: Instant

    /// The summaries of deployments.
    private let summaries: DeploymentSummaries

    /// Describes what is measured.
    ///
    /// - Parameter summaries: those of the same transaction, if others ask them, too.
    package init(
        _ connection: Connection, window: Window, filter: ReportFilter, now: Instant,
        targets: Targets = .builtIn, deadWaiters: [String],
        summaries: DeploymentSummaries? = nil
    ) {
        self.connection = connection
        self.window = window
        self.filter = filter
        self.targets = targets
        self.deadWaiters = deadWaiters
        knownUntil = min(window.until, now)
        self.summaries = summaries ?? DeploymentSummaries(connection)
    }

    /// What a fold made of the deployments around the window.
    struct Measured<Sink: MeasureSink> {
        let sink: Sink
        let kinds: [DeploymentKind]
        let locks: [String?]
        /// Whether it comes from summaries, which takes a fraction of the time.
        let isFromSummaries: Bool
    }

    /// Folds the deployments around the window.
    ///
    /// - Parameters:
    ///   - empty: the fold before the first deployment.
    ///   - summaries: whether summaries may be read where they can say what is asked.
    func measure<Sink: MeasureSink>(
        _ empty: Sink, summaries readsSummaries: Bool = true
    ) throws(ReportError) -> Measured<Sink> {
        if readsSummaries, filter.isEmpty {
            var sink = empty
            var scan = SummaryScan(summaries, since: window.since, until: window.until)
            if try scan.read(into: &sink) {
                return Measured(
                    sink: sink, kinds: scan.kinds, locks: scan.locks, isFromSummaries: true)
            }
        }
        var sink = empty
        var scan = QueryScan()
        var values = parameters
        values["size"] = .integer(DeploymentSummaries.size)
        try scan.read(connection, values, into: &sink)
        return Measured(sink: sink, kinds: scan.kinds, locks: scan.locks, isFromSummaries: false)
    }

    /// Window and filter under the names the queries of `reports/` use.
    private var parameters: [String: Value] {
        filter.parameters.merging([
            "since": .integer(window.since.microseconds),
            "until": .integer(window.until.microseconds),
        ]) { $1 }
    }

    /// A query about the window and the filter, before its first row.
    func run(_ name: String, _ extra: [String: Value] = [:]) throws(ReportError) -> QueryRun {
        try QueryRun(NamedQuery.named(name), on: connection, parameters.merging(extra) { $1 })
    }

    /// The rows of a query about the window and the filter.
    package func rows(
        _ name: String, _ extra: [String: Value] = [:]
    ) throws(ReportError) -> [QueryRow] {
        try run(name, extra).rest()
    }
}
