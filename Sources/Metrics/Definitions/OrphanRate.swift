import JSON
import Queries

/// How many deployments lost their wrapper while they had the lock.
enum OrphanRate {
    /// None.
    package static let target = (comparison: Metric.Comparison.exactly, limit: Quantity.count(0))

    package static func measure(_ source: ReportSource) throws(ReportError) -> Metric {
        let row = try source.row("orphan-rate")
        let ended = row.count("n")
        let orphaned = row.count("orphaned")
        var metric = Metric(
            name: .orphanRate, unit: "deployments", statistic: "count",
            value: ended == 0 ? nil : .count(orphaned), target: target,
            status: ended == 0 ? .noData : orphaned == 0 ? .pass : .fail, n: ended,
            numerator: orphaned, denominator: ended)
        let length = source.knownUntil.microseconds - source.window.since.microseconds
        guard ended > 0, length > 0 else {
            metric.details.append(("per_7_days", .null))
            return metric
        }
        let perWeek = Double(orphaned) * Double(Window.usualLength) / Double(length)
        metric.details.append(("per_7_days", .real(perWeek)))
        let proof = "each when its wrapper was lost"
        if length >= Window.usualLength {
            let rate = JSONValue.decimal((perWeek * 100).rounded() / 100)
            metric.notes.append("\(rate) per 7 days, \(proof)")
        } else if orphaned > 0 {
            // From an hour nothing can be told of a week.
            metric.notes.append(proof)
        }
        return metric
    }
}
