import Ledger
import DeploymentMetrics
import Queries
import Wording

extension Chart {
    /// The charts of a report.
    ///
    /// - Parameter days: how many ended in which way, by day or week.
    /// - Parameter tiers: the kinds of deployment with values, nil inside for "no kind given".
    static func all(
        _ period: ReportPeriod, known first: Instant?, _ activity: DeploymentHistory,
        _ queue: QueueHistory, days: OutcomeDays,
        tiers: [String?], targets: Targets
    ) -> [Chart] {
        let source = ChartSource(period, known: first, activity, targets)
        return [
            outcomes(source, days), waits(source), durations(source, tiers: tiers),
            queues(source, queue),
        ]
    }

    /// The ways deployments ended, those that failed first, so that they stand on the axis.
    private static let outcomes: [(name: String, among: [Outcome])] = [
        ("failed", [.failed, .orphaned, .forceUnlocked]), ("succeeded", [.succeeded]),
        ("gave up", [.timedOut, .cancelled]), ("left out", [.skipped, .superseded, .refused]),
    ]

    private static func outcomes(_ source: ChartSource, _ days: OutcomeDays) -> Chart {
        let series = outcomes.map { name, among in
            Series(
                name: name, shape: .stacked,
                marks: zip(source.rows.parts, days.counts).map { part, counts in
                    counts.map { counts in
                        Mark(
                            since: part.since, until: part.until,
                            value: among.reduce(0) { $0 + counts.count($1) })
                    }
                })
        }
        return Chart(
            key: "deployments", title: "Deployments by \(days.unit) and outcome", unit: .count,
            window: source.window,
            series: series, targets: [], unknown: source.unknown, table: days.table)
    }

    private static let p95 = "p95 (max if fewer than \(Targets.enoughForP95))"

    private static func waits(_ source: ChartSource) -> Chart {
        let left = source.activity.queued(in: source.window).filter {
            $0.counts && $0.wait ?? -1 >= 0
        }
        func single(_ name: String, timedOut: Bool) -> Series {
            Series(
                name: name, shape: .points,
                marks: left.filter { $0.timedOut == timedOut }.map { one in
                    .at(one.left, one.wait ?? 0)
                })
        }
        let series =
            left.count <= fewEnough
            ? [
                single("one wait", timedOut: false),
                single("gave up after (would have waited longer)", timedOut: true),
            ]
            : [
                source.medians("median") { $0.waits }, source.judged(p95) { $0.waits },
            ]
        let columns = [
            Table.Column("waits", title: "WAITS"), Table.Column("p50_seconds", title: "MEDIAN"),
            Table.Column("p95_seconds", title: "P95"), Table.Column("max_seconds", title: "MAX"),
            Table.Column("timed_out", title: "TIMED OUT"),
        ]
        return Chart(
            key: "lock_wait_time", title: "Lock wait time", unit: .duration,
            window: source.window, series: series.filter { !$0.marks.isEmpty },
            targets: [Target(source.targets.lockWaitTime)].compactMap(\.self),
            unknown: source.unknown,
            table: source.table(columns) { part in
                part.waits.cells + [.integer(part.timeouts.part)]
            })
    }

    private static func durations(_ source: ChartSource, tiers: [String?]) -> Chart {
        let part = source.whole
        let measured = tiers.filter { part.countDurations(tier: $0) > 0 }
        let shown = Array(measured.prefix(ChartMarker.count))
        let some = shown.count < measured.count ? ", \(shown.count) of \(measured.count) tiers" : ""
        let total = shown.reduce(0) { $0 + part.countDurations(tier: $1) }
        let ended = source.activity.ended(in: source.window)
        let series = shown.map { tier -> Series in
            let name = tier.map(\.escapedForTerminal) ?? "no tier"
            guard total <= fewEnough else {
                return source.judged(name) { $0.durations(tier: tier) }
            }
            let place = tier.map { source.activity.tiers.firstIndex(of: $0) ?? -1 }
            let marks = ended.compactMap { one -> Mark? in
                guard one.outcome == .succeeded, one.tier == place, let held = one.held, held >= 0
                else { return nil }
                return .at(one.ended, held)
            }
            return Series(name: name, shape: .points, marks: marks)
        }
        let targets = source.targets.durations.filter { shown.contains($0.tier) }.compactMap {
            Target($0.target, of: $0.tier)
        }
        let columns = shown.flatMap { tier -> [Table.Column] in
            let name = (tier?.escapedForTerminal ?? "no tier").shortened(toColumns: 40)
            return [
                Table.Column("\(name) succeeded", title: name.uppercased()),
                Table.Column("\(name) p50_seconds", title: "MEDIAN"),
                Table.Column("\(name) p95_seconds", title: "P95"),
                Table.Column("\(name) max_seconds", title: "MAX"),
            ]
        }
        return Chart(
            key: "deployment_duration",
            title: "Deployment duration" + (total <= fewEnough ? "" : ", \(p95)") + some,
            unit: .duration,
            window: source.window, series: series, targets: targets, unknown: source.unknown,
            table: source.table(columns) { part in
                shown.flatMap { part.durations(tier: $0).cells }
            })
    }

    private static func queues(_ source: ChartSource, _ queue: QueueHistory) -> Chart {
        let highest = queue.highest(between: source.edges(source.parts))
        let marks = zip(source.parts, highest).map { part, value in
            Mark(
                since: part.since, until: min(part.until, source.end), value: Int64(value))
        }
        let rows = source.rows.parts.filter(source.isKnown)
        let ofRows = Dictionary(
            zip(rows.map(\.since), queue.highest(between: source.edges(rows))),
            uniquingKeysWith: { first, _ in first })
        return Chart(
            key: "queue_length", title: "Queue length", unit: .count, window: source.window,
            series: [Series(name: "most waiting at a time", shape: .bars, marks: marks)],
            targets: [Target(source.targets.queueLength)].compactMap(\.self),
            unknown: source.unknown,
            table: source.table(
                [Table.Column("max", title: "MOST WAITING")],
                since: { start in
                    [ofRows[start].map { .integer(Int64($0)) } ?? .none]
                }))
    }
}

/// How many deployments ended in which way, by day or week.
struct OutcomeDays {
    /// `day` or `week`.
    let unit: String
    /// Nil for those of which nothing is known.
    let counts: [OutcomeCounts?]
    /// The same in figures.
    let table: Table
}

extension Chart.Mark {
    /// A single deployment.
    fileprivate static func at(_ moment: Int64, _ value: Int64) -> Self {
        let at = Instant(microseconds: moment)
        return Self(since: at, until: at, value: value)
    }
}

extension Distribution {
    /// How many, median, 95th percentile and maximum.
    fileprivate var cells: [Cell] {
        [.integer(n)] + [p50, n >= Targets.enoughForP95 ? p95 : nil, max].map(\.cell)
    }
}

extension Chart.Target {
    /// A target as a line; nil for one that is no number of the chart.
    fileprivate init?(_ target: Targets.Target, of tier: String? = nil) {
        let name = tier.map { "\($0) " } ?? ""
        let label = name + "target \(target.text)"
        let short = name + target.text
        switch target.limit {
        case .duration(let value), .count(let value):
            self.init(label: label, short: short, value: value)
        case .ratio: return nil
        }
    }
}
