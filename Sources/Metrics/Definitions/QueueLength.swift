import JSON
import Queries
import SQLite

/// How many deployments waited at a time.
enum QueueLength {
    /// Fewer than three.
    package static let target = (comparison: Metric.Comparison.below, limit: Quantity.count(3))

    /// Every lock has a queue of its own; with several, the longest one is reported.
    package static func measure(_ source: ReportSource) throws(ReportError) -> Metric {
        let queues = try queues(source)
        guard let longest = queues.first else {
            return Metric(
                name: .queueLength, unit: "deployments", statistic: "max", value: nil,
                target: target, status: .noData, n: 0)
        }
        let most = longest.count("max")
        var metric = Metric(
            name: .queueLength, unit: "deployments", statistic: "max", value: .count(most),
            target: target, status: most < 3 ? .pass : .fail, n: longest.count("n"),
            max: .count(most))
        let mean = longest["mean"].real ?? 0
        let share = longest["share"].real ?? 0
        metric.details = [
            ("now", .integer(longest.count("now"))),
            ("mean", .real(mean)),
            ("share_of_time_at_least_3", .real(share)),
        ]
        metric.notes.append(
            "at the end \(longest.count("now")), mean over time \(decimal(mean)), "
                + "three or more \(PercentText.text(share)) of the time")
        if queues.count > 1, let lock = longest.text("lock") {
            metric.details.append(("lock", .string(lock)))
            metric.notes.append("the longest of \(queues.count) queues: \(lock)")
        }
        return metric
    }

    private static func queues(_ source: ReportSource) throws(ReportError) -> [QueryRow] {
        // What has not happened yet has no length, and would water the means down.
        guard source.window.since < source.knownUntil else { return [] }
        let dead = JSONValue.array(source.deadWaiters.map { .string($0) }).line
        return try source.rows(
            "queue-length",
            ["until": .integer(source.knownUntil.microseconds), "dead": .text(dead)])
    }

    private static func decimal(_ mean: Double) -> String {
        let hundredths = (mean * 100).rounded()
        if hundredths == 0 { return mean > 0 ? "<0.01" : "0" }
        return JSONValue.decimal(hundredths / 100)
    }
}
