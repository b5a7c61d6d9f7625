import Ledger
package import DeploymentMetrics
package import Queries
package import SQLite
import Wording

/// What happened in a period: the metrics beside those of the period before, the trend, who and
/// what deployed, and everything that did not go as it should.
package struct PeriodReport: Sendable {
    /// The time it is about.
    package let period: ReportPeriod
    /// The metrics, with what is in flight and what the ledger holds.
    package let current: MetricsReport
    /// The same of the period before.
    package let previous: MetricsReport
    /// Every metric beside what it was.
    package let comparisons: [Comparison]
    /// How often and how well was delivered, in the period and the one before; nil when something
    /// else than locks is selected, because what follows a failure then is not.
    let keys: (current: DeliveryKeys, previous: DeliveryKeys)?
    /// The last weeks.
    package let trend: Trend
    /// How many deployments ended, by day, tier, source and person.
    package let breakdowns: [Breakdown]
    /// CI runs that were imported.
    package let ciRuns: CIRuns
    /// The failed, the slowest, timeouts, skips, forced unlocks, overridden freezes and orphans.
    package private(set) var lists: [ReportList]
    /// Waits, durations and queues over time.
    package let charts: [Chart]
    /// What needs attention, in sentences, the gravest first.
    package let attention: [String]
    /// What has changed since the period before, in sentences.
    package let changes: [String]

    /// How many rows a list has unless told otherwise.
    package static let usualLimit = 20

    /// Asks everything in one read transaction, so that the figures agree with each other.
    ///
    /// - Parameters:
    ///   - limit: how many rows a list has at most; nil for all.
    ///   - notices: what else needs attention, in sentences.
    ///   - isDead: whether the process of a deployment in flight is known to be gone.
    ///   - progress: told what is done next; a report over years takes seconds.
    package init(
        _ connection: Connection, period: ReportPeriod, filter: ReportFilter,
        targets: Targets = .builtIn, limit: Int? = usualLimit, notices: [String] = [],
        isDead: (InFlightDeployment) -> Bool, progress: (Step) -> Void = { _ in }
    ) throws {
        let span = try period.span
        let wrap = { ReportError.database(query: "report", $0) }
        self = try connection.transaction(.deferred, wrapping: wrap) { () throws(ReportError) in
            let inFlight = try InFlight(connection, filter: filter, isDead: isDead)
            let coverage = try Coverage(connection)
            let summaries = DeploymentSummaries(connection)
            func source(_ window: Window) -> MeasureSource {
                MeasureSource(
                    connection, window: window, filter: filter, now: period.now,
                    targets: targets, deadWaiters: inFlight.deadWaiters, summaries: summaries)
            }
            func metrics(_ source: MeasureSource) throws(ReportError) -> MetricsReport {
                try MetricsReport(source, now: period.now, inFlight: inFlight, coverage: coverage)
            }
            progress(.metrics)
            let window = source(period.window)
            let current = try metrics(window)
            progress(.comparison)
            let previous = try metrics(source(period.previous))
            progress(.charts)
            let activity = try DeploymentHistory(source(span), inFlight)
            let before = source(period.previous)
            let keys =
                try Self.isAboutLocks(filter)
                ? (
                    DeliveryKeys(window, current, HistorySlice(activity, period.window)),
                    DeliveryKeys(before, previous, HistorySlice(activity, period.previous))
                ) : nil
            return try PeriodReport(
                period, keys: keys, current: current, previous: previous, source: window,
                activity: activity,
                limit: limit, notices: notices, progress: progress)
        }
    }

    private static func isAboutLocks(_ filter: ReportFilter) -> Bool {
        var others = filter
        others.locks = []
        return others.isEmpty
    }

    /// What a report is made of, in the order it is asked for.
    package enum Step: String, CaseIterable, Sendable {
        case metrics, comparison, charts, people, runs = "CI runs", failures, skips, slowest,
            timeouts, orphans
        case forcedUnlocks = "forced unlocks"
    }

    private init(
        _ period: ReportPeriod, keys: (current: DeliveryKeys, previous: DeliveryKeys)?,
        current: MetricsReport, previous: MetricsReport,
        source: MeasureSource, activity: DeploymentHistory, limit: Int?, notices: [String],
        progress: (Step) -> Void
    ) throws(ReportError) {
        self.period = period
        self.keys = keys
        self.current = current
        self.previous = previous
        comparisons = Comparison.pairs(current.metrics, previous.metrics)
        let queue = QueueHistory(activity)
        trend = Trend(
            period, since: current.coverage.first, activity, queue, current.targets)
        let ended = HistorySlice(activity, period.window)
        let days = Breakdown.days(period, known: current.coverage.first, activity)
        charts = Chart.all(
            period, known: current.coverage.first, activity, queue,
            days: OutcomeDays(unit: days.key, counts: days.rows.map(\.counts), table: days.table),
            tiers: current.metrics.filter { $0.name == .deploymentDuration }.map(\.tier),
            targets: current.targets)
        progress(.people)
        breakdowns = [days, .tiers(ended)] + Breakdown.people(try source.rows("report-people"))
        progress(.runs)
        ciRuns = try CIRuns(source, period.window)
        progress(.failures)
        let failures = try source.list(
            "report-failures", key: "failures", title: "Failed deployments",
            none: "None failed.", limit: limit, total: Int(ended.failed))
        progress(.skips)
        let skips = try source.skips(limit)
        progress(.slowest)
        let slowest = try source.list(
            "report-slowest", key: "slowest", title: "Slowest deployments",
            none: "Nothing held the lock.", moment: "ENDED", limit: limit, total: ended.withLock)
        progress(.timeouts)
        let timeouts = try source.list(
            "report-timeouts", key: "timeouts", title: "Timeouts",
            none: "No deployment timed out.", limit: limit,
            total: Int(ended.outcomes.count(.timedOut)))
        progress(.orphans)
        let orphans = try source.list(
            "report-orphans", key: "orphans", title: "Orphans",
            none: "No wrapper was lost.", limit: limit, total: Int(ended.orphans.part))
        progress(.forcedUnlocks)
        let forcedUnlocks = try source.list(
            "report-forced-unlocks", key: "forced_unlocks", title: "Forced unlocks",
            none: "No lock was unlocked by force.", limit: limit)
        let overrides = try source.list(
            "report-overrides", key: "overrides", title: "Deployed in spite of a freeze",
            none: "No freeze was overridden.", limit: limit)
        lists = [failures, slowest, timeouts, skips.list, forcedUnlocks, overrides, orphans]
        let attention = Attention(
            comparisons, current, period: period, failures: failures, forcedUnlocks: forcedUnlocks,
            overrides: overrides, skips: skips.list, undelivered: skips.undelivered,
            ciRuns: ciRuns.total,
            notices: notices)
        self.attention = attention.needed
        changes = attention.changes
    }

    /// The same with at most this many rows in every list.
    package func shortened(to limit: Int) -> PeriodReport {
        var report = self
        report.lists = lists.map { $0.shortened(to: limit) }
        return report
    }
}

extension MeasureSource {
    /// Those that were left out, and the commits among them that no success followed.
    fileprivate func skips(
        _ limit: Int?
    ) throws(ReportError) -> (list: ReportList, undelivered: [String]) {
        let all = try list(
            "report-skips", key: "skips", title: "Skipped, superseded or refused",
            none: "None.", limit: nil)
        let open = all.rows.filter { $0.integer("later_at_us") == nil }.compactMap { row in
            row.text("sha").map { String($0.prefix(10)) }
        }
        var seen: Set<String> = []
        let undelivered = open.filter { seen.insert($0).inserted }
        return (limit.map { all.shortened(to: $0) } ?? all, undelivered)
    }
}
