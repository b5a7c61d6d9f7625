package import DeploymentMetrics
package import Queries

/// The figures of the last weeks, side by side.
package struct Trend: Sendable {
    /// A week of the trend.
    package struct Week: Sendable {
        /// `2026-W38`.
        package let label: String
        /// From Monday to Monday.
        package let window: Window
        /// Whether it goes on after the report.
        package let isRunning: Bool
        /// Whether the ledger goes back to it; nothing is known of weeks before that.
        package let isKnown: Bool
    }

    /// A figure of a week.
    package struct Figure: Hashable, Sendable {
        /// The value that would be judged; nil when nothing was measured.
        package let value: Quantity?
        /// Which statistic it is.
        package let statistic: Statistic
        /// How many deployments were measured.
        package let n: Int64
    }

    /// One figure in every week.
    package struct Line: Sendable {
        /// Which metric.
        package let name: Metric.Name
        /// The kind of deployment, for metrics by tier.
        package let tier: String?
        /// One for each week.
        package let figures: [Figure]
    }

    /// The weeks in order.
    package let weeks: [Week]
    /// The figures: durations of the tiers with a target, all else once.
    package let lines: [Line]

    /// Figures out of what happened in these weeks.
    init(
        _ period: ReportPeriod, since first: Instant?, _ activity: DeploymentHistory,
        _ queue: QueueHistory, _ targets: Targets
    ) {
        weeks = period.trendWeeks.map { window in
            Week(
                label: ReportPeriod.weekLabel(window) ?? window.ends, window: window,
                isRunning: window.until > period.now,
                isKnown: first.map { $0 < window.until } ?? false)
        }
        let edges =
            weeks.map(\.window.since.microseconds)
            + [min(weeks.last?.window.until.microseconds ?? 0, activity.knownUntil)]
        let longest = queue.highest(between: edges)
        var lines: [(Metric.Name, String?, [Figure])] = [
            (.lockWaitTime, nil, []), (.queueLength, nil, []), (.skipRate, nil, []),
            (.successRate, nil, []), (.timeToDeliver, nil, []), (.timeoutRate, nil, []),
            (.orphanRate, nil, []),
        ]
        let tiers = targets.durations.map(\.tier)
        lines.insert(contentsOf: tiers.map { (.deploymentDuration, $0, []) }, at: 1)
        for index in weeks.indices {
            let part = HistorySlice(activity, weeks[index].window)
            for place in lines.indices {
                let figure =
                    switch lines[place].0 {
                    case .lockWaitTime: Figure(part.waits)
                    case .deploymentDuration: Figure(part.durations(tier: lines[place].1 ?? ""))
                    case .queueLength: Figure(longest: longest[index], n: part.present)
                    case .skipRate: Figure(part.skips)
                    case .successRate: Figure(part.successes)
                    case .timeToDeliver: Figure(part.timesToDeliver)
                    case .timeoutRate: Figure(part.timeouts)
                    case .orphanRate: Figure(orphans: part.orphans)
                    }
                lines[place].2.append(figure)
            }
        }
        self.lines = lines.map { Line(name: $0.0, tier: $0.1, figures: $0.2) }
    }
}

extension Trend.Figure {
    fileprivate init(_ lengths: Distribution) {
        self.init(value: lengths.value, statistic: lengths.statistic, n: lengths.n)
    }

    fileprivate init(_ rate: (part: Int64, whole: Int64)) {
        let ratio = Double(rate.part) / Double(rate.whole)
        self.init(
            value: rate.whole == 0 ? nil : .ratio(ratio), statistic: .rate, n: rate.whole)
    }

    fileprivate init(orphans: (part: Int64, whole: Int64)) {
        self.init(
            value: orphans.whole == 0 ? nil : .count(orphans.part), statistic: .count,
            n: orphans.whole)
    }

    fileprivate init(longest: Int, n: Int64) {
        self.init(
            value: n == 0 && longest == 0 ? nil : .count(Int64(longest)), statistic: .max, n: n)
    }
}
