package import JSON
package import Queries
import SQLite
import Wording

/// How often and how well a window delivered, under names that promise no more than they say; see
/// docs/metrics.md for how each relates to DORA's.
package struct DeliveryKeys: Sendable {
    /// Successes that had the lock.
    let successes: Int64
    /// Those that had the lock and ended.
    let ended: Int64
    /// Days of the calendar with a success, and all of the window that have begun.
    let days: (active: Int, all: Int)
    /// From a failure to the next success.
    let recovery: Distribution
    /// Failures that began in the window and that no success followed.
    let open: Int
    /// The age of the oldest of these, in microseconds.
    let oldestOpen: Int64?
    /// Successes that returned to an earlier commit.
    let returns: Int
    /// From the time of a commit to its delivery.
    let leadTime: Distribution
    /// Delivered commits whose time nobody says.
    let withoutTime: Int

    /// Measures a window; nothing but locks may be selected.
    ///
    /// - Parameter metrics: of the same window.
    package init(
        _ source: MeasureSource, _ metrics: MetricsReport, _ slice: HistorySlice
    ) throws(ReportError) {
        let rate = metrics.metrics.first { $0.name == .successRate }
        successes = rate?.numerator ?? 0
        ended = rate?.denominator ?? 0
        let zone = source.window.zone
        let end = source.knownUntil.microseconds - 1
        let first = zone.date(at: source.window.since)
        let last = zone.date(at: max(source.window.since, Instant(microseconds: end)))
        days = (
            Set(slice.successTimes.map { zone.date(at: Instant(microseconds: $0)) }).count,
            Int(last.daysSinceEpoch - first.daysSinceEpoch) + 1
        )
        // One run of a query for each lock that is selected, or one for all.
        let locks: [Value] =
            source.filter.locks.isEmpty
            ? [.null] : Set(source.filter.locks).sorted().map { .text($0) }
        var failures: [QueryRow] = []
        var leadTimes: [Int64] = []
        var (returns, withoutTime) = (0, 0)
        for lock in locks {
            failures += try source.rows("time-until-success", ["lock": lock])
            returns += try source.rows("returns", ["lock": lock]).count
            // As many rows as commits: nothing but the lengths is read of them.
            let commits = try source.run("lead-time", ["lock": lock])
            while try commits.step() {
                if let length = commits.integer(at: 4) {
                    leadTimes.append(length)
                } else {
                    withoutTime += 1
                }
            }
        }
        recovery = Distribution(lengths: failures.compactMap { $0.integer("length_us") })
        let unended = failures.filter { $0.integer("length_us") == nil }
        open = unended.count
        oldestOpen = unended.compactMap { $0.time("failed_us")?.microseconds }.min()
            .map { max(0, source.knownUntil.microseconds - $0) }
        self.returns = returns
        leadTime = Distribution(lengths: leadTimes)
        self.withoutTime = withoutTime
    }
}

extension DeliveryKeys {
    /// One figure for people.
    package struct Line: Sendable {
        package let label: String
        package let value: String
        package let note: String?
    }

    /// The figures in the usual order.
    package var lines: [Line] {
        [
            Line(
                label: "Deployment frequency", value: frequency,
                note:
                    "\(successes) in \(PluralText.text(days.all, "day")), on \(days.active) of them"
            ),
            Line(
                label: "Deployment failure rate",
                value: ended == 0
                    ? "n/a" : PercentText.text(Double(ended - successes) / Double(ended)),
                note: "\(ended - successes) of \(ended)"),
            Line(
                label: "Time until the next success", value: Self.text(recovery),
                note: oldestOpen.map {
                    "\(open) open, the oldest for \(DurationText.text(microseconds: $0))"
                } ?? "none open"),
            Line(label: "Returns to an earlier commit", value: String(returns), note: nil),
            Line(
                label: "Lead time", value: Self.text(leadTime),
                note: withoutTime > 0
                    ? "\(withoutTime) without the time of \(withoutTime == 1 ? "its" : "their") commit"
                    : nil),
        ]
    }

    private var frequency: String {
        "\(JSONValue.decimal((Double(successes) / Double(days.all) * 100).rounded() / 100)) a day"
    }

    private static func text(_ lengths: Distribution) -> String {
        guard let p50 = lengths.p50, let value = lengths.value else { return "n/a" }
        return "p50 \(p50.text), \(lengths.statistic.rawValue) \(value.text) (n \(lengths.n))"
    }

    /// In base units.
    package var json: JSONValue {
        func json(_ lengths: Distribution) -> [(key: String, value: JSONValue)] {
            [
                ("n", .integer(lengths.n)), ("p50", lengths.p50?.json ?? .null),
                ("p95", lengths.p95?.json ?? .null), ("max", lengths.max?.json ?? .null),
            ]
        }
        return .object([
            (
                "deployment_frequency",
                .object([
                    ("successes", .integer(successes)), ("days", .integer(Int64(days.all))),
                    ("days_with_success", .integer(Int64(days.active))),
                    (
                        "per_day",
                        .real(Double(successes) / Double(days.all))
                    ),
                ])
            ),
            (
                "deployment_failure_rate",
                .object([
                    (
                        "value",
                        ended == 0 ? .null : .real(Double(ended - successes) / Double(ended))
                    ), ("numerator", .integer(ended - successes)), ("denominator", .integer(ended)),
                ])
            ),
            (
                "time_until_success",
                .object(
                    json(recovery) + [
                        ("open", .integer(Int64(open))),
                        (
                            "oldest_open_seconds",
                            oldestOpen.map { .seconds(microseconds: $0) } ?? .null
                        ),
                    ])
            ),
            ("returns", .integer(Int64(returns))),
            (
                "lead_time",
                .object(json(leadTime) + [("without_commit_time", .integer(Int64(withoutTime)))])
            ),
        ])
    }
}
