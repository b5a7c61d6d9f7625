package import DeploymentMetrics
import Ledger
package import Queries
package import SQLite

/// The last weeks side by side, and how often and how well the last seven days delivered.
package struct TrendReport: Sendable {
    /// Up to the week that goes on.
    package let trend: Trend
    /// Of the last seven days.
    package let keys: DeliveryKeys

    /// Asks everything in one read transaction.
    ///
    /// - Parameter isDead: whether the process of a deployment in flight is known to be gone.
    package init(
        _ connection: Connection, zone: Zone, now: Instant, targets: Targets,
        isDead: (InFlightDeployment) -> Bool
    ) throws {
        let period = try ReportPeriod(week: "this-week", zone: zone, now: now)
        let window = try Window(since: nil, until: nil, zone: zone, now: now)
        let span = try period.span
        let wrap = { ReportError.database(query: "trend", $0) }
        self = try connection.transaction(.deferred, wrapping: wrap) { () throws(ReportError) in
            let filter = ReportFilter()
            let inFlight = try InFlight(connection, filter: filter, isDead: isDead)
            let coverage = try Coverage(connection)
            let summaries = DeploymentSummaries(connection)
            func source(_ window: Window) -> MeasureSource {
                MeasureSource(
                    connection, window: window, filter: filter, now: now, targets: targets,
                    deadWaiters: inFlight.deadWaiters, summaries: summaries)
            }
            let activity = try DeploymentHistory(source(span), inFlight)
            let recent = source(window)
            let metrics = try MetricsReport(
                recent, now: now, inFlight: inFlight, coverage: coverage)
            return TrendReport(
                trend: Trend(
                    period, since: coverage.first, activity, QueueHistory(activity), targets),
                keys: try DeliveryKeys(recent, metrics, HistorySlice(activity, window)))
        }
    }

    private init(trend: Trend, keys: DeliveryKeys) {
        self.trend = trend
        self.keys = keys
    }
}
