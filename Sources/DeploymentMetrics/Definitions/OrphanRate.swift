import JSON
import Queries

/// How many deployments lost their wrapper while they had the lock.
enum OrphanRate {
    static func measure(_ figures: WindowFigures, _ source: MeasureSource) -> Metric {
        let (orphaned, ended) = (figures.orphans.part, figures.orphans.whole)
        var metric = Metric(
            name: .orphanRate, unit: .deployments, statistic: .count,
            value: ended == 0 ? nil : .count(orphaned), target: source.targets.orphanRate, n: ended,
            numerator: orphaned, denominator: ended)
        let length = source.knownUntil.microseconds - source.window.since.microseconds
        guard ended > 0, length > 0 else {
            metric.details.append(("per_7_days", .null))
            return metric
        }
        let perWeek = Double(orphaned) * Double(Window.usualLength) / Double(length)
        metric.details.append(("per_7_days", .real(perWeek)))
        let proof = "dated by when the wrapper was lost"
        if length >= Window.usualLength {
            let rate = JSONValue.decimal((perWeek * 100).rounded() / 100)
            metric.notes.append("\(rate) in 7 days, \(proof)")
        } else if orphaned > 0 {
            // An hour says nothing about a week.
            metric.notes.append(proof)
        }
        return metric
    }
}
