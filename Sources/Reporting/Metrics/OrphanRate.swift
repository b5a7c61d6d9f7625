import JSONOutput

/// How many deployments died with the lock.
enum OrphanRate {
    /// None.
    static let target = (comparison: Metric.Comparison.exactly, limit: Quantity.count(0))

    static func measure(_ source: ReportSource) throws(ReportError) -> Metric {
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
        metric.notes.append(
            "\(JSONValue.decimal((perWeek * 100).rounded() / 100)) per 7 days, each at its last "
                + "proof of life")
        return metric
    }
}
