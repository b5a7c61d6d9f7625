import JSON
import Wording

/// How many deployments waited at a time.
enum QueueLength {
    /// Every lock has a queue of its own; with several, the longest one is reported.
    ///
    /// - Parameter isPart: whether only some of those in the queue are selected.
    static func measure(
        _ figures: WindowFigures, _ targets: Targets, isPart: Bool = false
    ) -> Metric {
        let longest = figures.queues.first
        var metric = Metric(
            name: .queueLength, unit: .deployments, statistic: .max,
            value: longest.map { .count($0.max) }, target: targets.queueLength, n: longest?.n ?? 0,
            max: longest.map { .count($0.max) })
        guard let longest else { return metric }
        metric.details = [
            ("now", .integer(longest.now)),
            ("mean", .real(longest.mean)),
            ("share_of_time_at_least_\(Targets.longQueue)", .real(longest.share)),
        ]
        metric.notes.append(
            "\(longest.now) at the end, \(decimal(longest.mean)) on average, "
                + "\(Targets.longQueue) or more for \(PercentText.text(longest.share)) of the time")
        if isPart { metric.notes.append("of those selected: others in the queue are not counted") }
        if figures.queues.count > 1, let lock = longest.lock {
            metric.lock = lock
            metric.details.append(("lock", .string(lock)))
            metric.notes.append("the longest of \(figures.queues.count) queues: \(lock)")
        }
        return metric
    }

    private static func decimal(_ mean: Double) -> String {
        let hundredths = (mean * 100).rounded()
        if hundredths == 0 { return mean > 0 ? "<0.01" : "0" }
        return JSONValue.decimal(hundredths / 100)
    }
}
