import JSON
import Queries

/// How long deployments waited for the lock.
enum LockWaitTime {
    /// Less than five minutes.
    package static let target = (
        comparison: Metric.Comparison.below, limit: Quantity.duration(300_000_000)
    )

    package static func measure(_ source: ReportSource) throws(ReportError) -> Metric {
        let row = try source.row("lock-wait-time")
        let waits = Distribution(row)
        var metric = Metric(
            name: .lockWaitTime, unit: "seconds", statistic: waits.statistic, value: waits.value,
            target: target, status: waits.status(target), n: waits.n, p50: waits.p50,
            p95: waits.p95, max: waits.max)
        let censored = row.count("censored")
        metric.details.append(("censored", .integer(censored)))
        if censored > 0 {
            metric.notes.append(
                "\(censored) of \(waits.n) timed out: counted with what they had waited by then")
        }
        metric.noteExcluded(row.count("excluded"))
        return metric
    }
}

extension Metric {
    /// Says that values were unusable; silence would let a figure look more complete than it is.
    mutating func noteExcluded(_ excluded: Int64) {
        guard excluded > 0 else { return }
        details.append(("excluded", .integer(excluded)))
        notes.append("\(excluded) without a usable length of time: in no figure")
    }
}
