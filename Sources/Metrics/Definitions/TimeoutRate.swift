import JSON
import Queries

/// How many deployments gave up waiting.
enum TimeoutRate {
    /// None.
    package static let target = (comparison: Metric.Comparison.exactly, limit: Quantity.ratio(0))

    package static func measure(_ source: ReportSource) throws(ReportError) -> Metric {
        let row = try source.row("timeout-rate")
        let overruns = try source.row("overruns")
        let left = row.count("n")
        let timedOut = row.count("timed_out")
        var metric = Metric(
            name: .timeoutRate, unit: "ratio", statistic: "rate",
            value: left == 0 ? nil : .ratio(Double(timedOut) / Double(left)), target: target,
            status: left == 0 ? .noData : timedOut == 0 ? .pass : .fail, n: left,
            numerator: timedOut, denominator: left)
        metric.details = [
            ("acquired", .integer(row.count("acquired"))),
            ("cancelled", .integer(row.count("cancelled"))),
            (
                "ended_by_max_duration",
                .object([
                    ("numerator", .integer(overruns.count("overran"))),
                    ("denominator", .integer(overruns.count("n"))),
                ])
            ),
        ]
        let overran = overruns.count("overran")
        if overran > 0 {
            metric.notes.append(
                "commands ended because they ran too long: \(overran) of \(overruns.count("n"))")
        }
        metric.noteImported(try ImportedRuns(source), "timed out", \.timedOut)
        return metric
    }
}
