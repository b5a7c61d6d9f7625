import DeploymentMetrics
import Queries
import Wording

/// What somebody should look at, and what is different from the period before: sentences, the first
/// thing a reader of the report sees.
struct Attention {
    /// What needs attention, the gravest first.
    let needed: [String]
    /// What has changed.
    let changes: [String]

    /// - Parameter notices: what else is known to be wrong, such as events in the spool.
    init(
        _ comparisons: [Comparison], _ current: MetricsReport, period: ReportPeriod,
        failures: ReportList, forcedUnlocks: ReportList, overrides: ReportList, skips: ReportList,
        undelivered: [String],
        ciRuns: Int, notices: [String]
    ) {
        var needed = Self.failedRollbacks(failures) + Self.failed(failures, current)
        needed += comparisons.map(\.current).filter { $0.status == .fail }.map(Self.missed)
        if comparisons.allSatisfy({ $0.current.status == .noData }) {
            needed.append(Self.nothing(current, period, ciRuns: ciRuns))
        }
        // What runs now is nothing of a period that is over.
        if period.isRunning {
            if let long = current.inFlight.longText(
                now: current.now, limit: current.targets.tooLong)
            {
                needed.append(long)
            }
            if let dead = current.inFlight.deadText() { needed.append("In flight: \(dead)") }
        }
        if forcedUnlocks.total > 0 {
            needed.append(Self.forced(forcedUnlocks, zone: period.window.zone))
        }
        if overrides.total > 0 { needed.append(Self.overridden(overrides)) }
        if !undelivered.isEmpty {
            let shown = undelivered.prefix(5).joined(separator: ", ")
            let more = undelivered.count > 5 ? " and \(undelivered.count - 5) more" : ""
            let contain = undelivered.count == 1 ? "it" : "them"
            needed.append(
                "\(PluralText.text(undelivered.count, "commit was", "commits were")) skipped and no "
                    + "later success can contain \(contain): \(shown)\(more)")
        }
        self.needed = needed + notices
        changes = Self.changes(comparisons, current, period)
    }

    /// Nothing measured is nothing known, and no good news.
    private static func nothing(
        _ current: MetricsReport, _ period: ReportPeriod, ciRuns: Int
    ) -> String {
        if ciRuns > 0 {
            return "Nothing but imported CI runs ended in this period: "
                + "\(PluralText.text(ciRuns, "run")), see CI runs"
        }
        guard let first = current.coverage.first else {
            return "The ledger has no deployments yet"
        }
        if first >= period.window.until {
            return "This period is before the ledger, which begins at "
                + "\(period.window.zone.text(first)), see --week this-week"
        }
        let only = current.filter.isEmpty ? "" : " with \(current.filter.text)"
        return "Nothing was measured: no deployment ended in this period\(only)"
    }

    /// How many failed, and which; the newest first.
    private static func failed(_ list: ReportList, _ current: MetricsReport) -> [String] {
        guard list.total > 0 else { return [] }
        let whole = current.metrics.first { $0.name == .successRate }?.denominator ?? 0
        let newest = list.rows.prefix(mostNamed).map { row -> String in
            let name = row.integer("number").map { "#\($0)" } ?? "one without a number"
            return name + (row.failureText.map { " (\($0))" } ?? "")
        }
        let more = list.total - newest.count
        return [
            "\(list.total) of \(PluralText.text(whole, "deployment")) failed: "
                + newest.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
        ]
    }

    /// After which the wrong version may run: nothing is graver.
    private static func failedRollbacks(_ list: ReportList) -> [String] {
        let failed = list.rows.filter { row in row.text("rollback").map { $0 != "done" } ?? false }
        guard !failed.isEmpty else { return [] }
        let names = failed.prefix(mostNamed).map { row in
            row.integer("number").map { "#\($0)" } ?? "one without a number"
        }
        let more = failed.count - names.count
        return [
            PluralText.text(failed.count, "rollback FAILED", "rollbacks FAILED") + ": of "
                + names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
        ]
    }

    /// Who deployed in spite of a freeze, and why.
    private static func overridden(_ list: ReportList) -> String {
        let names = list.rows.prefix(mostNamed).map { row -> String in
            let name = row.integer("number").map { "#\($0)" } ?? "one without a number"
            let reason = row.text("reason")?.split(whereSeparator: \.isNewline).first
            return name + (row.text("person").map { " of \($0)" } ?? "")
                + (reason.map { " (\(String($0).shortened(toColumns: 60)))" } ?? "")
        }
        let more = list.total - names.count
        return PluralText.text(list.total, "deployment") + " in spite of a freeze: "
            + names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }

    /// Who freed what by force, when and why; of several the last.
    private static func forced(_ list: ReportList, zone: Zone) -> String {
        let count = PluralText.text(list.total, "forced unlock")
        guard let row = list.rows.last, list.omitted == 0 else { return count }
        var text = list.total > 1 ? "\(count), the last " : "\(count): "
        text += row.integer("number").map { "of #\($0)" } ?? "of an unrecorded process"
        if let person = row.text("person") { text += " (\(person))" }
        if let by = row.text("forced_by") { text += " by \(by)" }
        if let at = row.time("at_us") { text += ", \(zone.text(at))" }
        if let held = row.integer("held_us") {
            text += ", after \(DurationText.text(microseconds: held))"
        }
        let reason = row.text("reason")?.split(whereSeparator: \.isNewline).first
        return text + (reason.map { ": \(String($0).shortened(toColumns: 80))" } ?? "")
    }

    /// How many a sentence names at most.
    private static let mostNamed = 5

    private static func missed(_ metric: Metric) -> String {
        let verb = metric.name == .orphanRate ? "miss their" : "misses its"
        var text = "\(metric.label) \(verb) target: \(metric.statedValue)"
        text += ", target \(metric.targetText)"
        if let denominator = metric.denominator {
            text += " (\(metric.numerator ?? 0) of \(denominator))"
        } else {
            text += " (n = \(metric.n))"
        }
        return text
    }

    /// Other verdicts, and lengths of time that are a quarter longer or shorter.
    private static func changes(
        _ comparisons: [Comparison], _ current: MetricsReport,
        _ period: ReportPeriod
    ) -> [String] {
        guard let first = current.coverage.first, first < period.previous.until else { return [] }
        return comparisons.filter(\.isNotable).compactMap { pair in
            let metric = pair.current
            guard let previous = pair.previous else { return nil }
            let values = "\(previous.statedValue) → \(metric.statedValue)"
            if metric.status != previous.status {
                return "\(metric.label): \(previous.verdict) → \(metric.verdict) (\(values))"
            }
            return "\(metric.label): \(pair.changeText) (\(values))"
        }
    }
}
