import JSON

/// How many of those that had the lock succeeded.
enum SuccessRate {
    static func measure(_ figures: WindowFigures, _ targets: Targets) -> Metric {
        let rate = figures.successes
        var metric = Metric(.successRate, rate, target: targets.successRate)
        metric.details = [
            ("failed", .integer(rate.whole - rate.part)),
            ("reasons", .object(figures.failures.map { ($0.reason, .integer($0.count)) })),
            ("rolled_back", .integer(figures.rolledBack)),
            ("failed_rollbacks", .integer(figures.failedRollbacks)),
        ]
        if rate.part < rate.whole {
            metric.notes.append(
                "\(rate.whole - rate.part) of \(rate.whole) failed: "
                    + figures.failures.compactMap { one in
                        FailureReason(rawValue: one.reason)?.text(one.count)
                    }.joined(separator: ", "))
        }
        if figures.rolledBack > 0 {
            let failed = figures.failedRollbacks
            metric.notes.append(
                "\(figures.rolledBack) rolled back"
                    + (failed > 0 ? "; of these rollbacks \(failed) FAILED" : ""))
        }
        return metric
    }
}
