import JSON
import DeploymentMetrics
import Queries
import Wording

/// How many deployments had the lock and ended, and how many of these failed: the first question of a
/// reader of the report.
struct Headline {
    /// Of the period, and of the one before; nil when nothing is known of that.
    let current: Counts
    let previous: Counts?
    /// What the period before is called.
    private let previousLabel: String

    struct Counts: Hashable {
        let succeeded: Int64
        let failed: Int64

        var total: Int64 { succeeded + failed }

        init(_ metrics: MetricsReport) {
            let rate = metrics.metrics.first { $0.name == .successRate }
            succeeded = rate?.numerator ?? 0
            failed = (rate?.denominator ?? 0) - succeeded
        }

        fileprivate var failedText: String { failed == 0 ? "none failed" : "\(failed) failed" }

        fileprivate var json: JSONValue {
            .object([("succeeded", .integer(succeeded)), ("failed", .integer(failed))])
        }
    }

    init(_ report: PeriodReport) {
        current = Counts(report.current)
        let isKnown =
            report.current.coverage.first.map { $0 < report.period.previous.until } ?? false
        previous = isKnown ? Counts(report.previous) : nil
        previousLabel = report.period.previousLabel
    }

    /// Such as `8 deployments, 3 failed; 2026-W37: 4, none failed`.
    var text: String {
        let all =
            current.total == 0
            ? "No deployment ended"
            : "\(PluralText.text(current.total, "deployment")), \(current.failedText)"
        guard let previous else { return all }
        let before = previous.total == 0 ? "none" : "\(previous.total), \(previous.failedText)"
        return "\(all); \(previousLabel): \(before)"
    }

    var json: JSONValue {
        .object([
            ("text", .string(text)), ("succeeded", .integer(current.succeeded)),
            ("failed", .integer(current.failed)), ("previous", previous?.json ?? .null),
        ])
    }
}

extension PeriodReport {
    /// The first line of the report.
    package var headline: String { Headline(self).text }
}
