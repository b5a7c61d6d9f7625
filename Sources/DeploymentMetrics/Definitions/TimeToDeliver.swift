import JSON
import Wording

/// How long commits took from the first request to the first success that delivered them.
///
/// A commit that is part of a later one which was deployed is not known to be delivered: the ledger
/// knows no ancestry.
enum TimeToDeliver {
    static func measure(_ figures: WindowFigures, _ imported: ImportedRuns, _ targets: Targets)
        -> Metric
    {
        let deliveries = figures.deliveries
        let lengths = Distribution(deliveries.lengths)
        var metric = Metric(.timeToDeliver, lengths, target: targets.timeToDeliver)
        metric.details = [
            ("not_yet", .integer(deliveries.undelivered)),
            ("redeployed", .integer(deliveries.repeated)),
            ("without_commit", .integer(deliveries.withoutCommit)),
            ("imported", .integer(imported.n)),
        ]
        if let oldest = deliveries.oldest {
            metric.details.insert(
                ("oldest_not_yet_seconds", .seconds(microseconds: oldest)), at: 1)
            metric.notes.append(
                PluralText.text(Int(deliveries.undelivered), "commit", "commits")
                    + " not delivered yet, the oldest for "
                    + DurationText.text(microseconds: oldest))
        }
        let left = [
            (deliveries.repeated, "delivered before"),
            (deliveries.withoutCommit, "without a commit"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        // Where nobody names commits there is nothing to leave out.
        let isUsed = deliveries.lengths.n + deliveries.undelivered + deliveries.repeated > 0
        if isUsed, !left.isEmpty {
            metric.notes.append("left out: " + left.joined(separator: ", "))
        }
        return metric
    }
}
