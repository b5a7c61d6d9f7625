import Metrics
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
        forcedUnlocks: ReportList, skips: ReportList, undelivered: [String], notices: [String]
    ) {
        var needed = comparisons.map(\.current).filter { $0.status == .fail }.map(Self.missed)
        if comparisons.allSatisfy({ $0.current.status == .noData }) {
            needed.append(Self.nothing(current, period))
        }
        if let long = current.inFlight.longText(now: current.now) { needed.append(long) }
        if let dead = current.inFlight.deadText() { needed.append("In flight: \(dead)") }
        if forcedUnlocks.total > 0 {
            let count = PluralText.text(forcedUnlocks.total, "forced unlock")
            needed.append("\(count), listed below with who and why")
        }
        if !undelivered.isEmpty {
            let shown = undelivered.prefix(5).joined(separator: ", ")
            let more = undelivered.count > 5 ? " and \(undelivered.count - 5) more" : ""
            let contain = undelivered.count == 1 ? "it" : "them"
            needed.append(
                "\(PluralText.text(undelivered.count, "commit was", "commits were")) skipped and no "
                    + "later success can contain \(contain): \(shown)\(more)")
        }
        self.needed = needed + notices
        changes = Self.changes(comparisons, period)
    }

    /// Nothing measured is nothing known, and no good news.
    private static func nothing(_ current: MetricsReport, _ period: ReportPeriod) -> String {
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

    private static func missed(_ metric: Metric) -> String {
        let verb = metric.name == .orphanRate ? "miss their" : "misses its"
        var text = "\(metric.label) \(verb) target: \(metric.statedValue)"
        // Lengths are cut off for people: 5m00.2s is above 5m and reads the same.
        if metric.unit == .seconds, metric.value?.text == metric.target?.limit.text {
            text += " and a little"
        }
        text += ", target \(metric.targetText)"
        if let denominator = metric.denominator {
            text += " (\(metric.numerator ?? 0) of \(denominator))"
        } else {
            text += " (n = \(metric.n))"
        }
        return text
    }

    /// Other verdicts, and lengths of time that are a quarter longer or shorter.
    private static func changes(_ comparisons: [Comparison], _ period: ReportPeriod) -> [String] {
        comparisons.compactMap { pair in
            let metric = pair.current
            guard let previous = pair.previous else { return nil }
            let values = "\(previous.statedValue) → \(metric.statedValue)"
            if metric.status != previous.status {
                return "\(metric.label): \(previous.verdict) → \(metric.verdict) (\(values))"
            }
            switch pair.change {
            case .relative(let part) where abs(part) >= 0.25: break
            case .points(let points) where abs(points) >= 1: break
            case .count(let count) where count != 0: break
            default: return nil
            }
            return "\(metric.label): \(pair.change.text) (\(values))"
        }
    }
}
