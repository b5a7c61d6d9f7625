import JSON
import Queries
import Wording

/// How many deployments were not carried out on purpose.
enum SkipRate {
    /// Less than one in ten.
    package static let target = (comparison: Metric.Comparison.below, limit: Quantity.ratio(0.1))

    /// So many reasons are named to people.
    private static let mostReasons = 20

    package static func measure(_ source: ReportSource) throws(ReportError) -> Metric {
        let row = try source.row("skip-rate")
        let ended = row.count("n")
        let kinds = ["skipped", "superseded", "refused"].map { ($0, row.count($0)) }
        let left = kinds.reduce(0) { $0 + $1.1 }
        let reasons = JSONText.counts(in: row.text("reasons") ?? "").sorted { $0.key < $1.key }
        var metric = Metric(
            name: .skipRate, unit: "ratio", statistic: "rate",
            value: ended == 0 ? nil : .ratio(Double(left) / Double(ended)), target: target,
            // In whole numbers, so that exactly one in ten cannot round to less.
            status: ended == 0 ? .noData : left * 10 < ended ? .pass : .fail, n: ended,
            numerator: left, denominator: ended)
        metric.details = kinds.map { ($0.0, .integer($0.1)) }
        metric.details.append(("reasons", .object(reasons.map { ($0.key, .integer($0.value)) })))
        if left > 0 {
            // People may give any reason; the most frequent ones say most.
            let frequent = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .prefix(mostReasons).sorted { $0.key < $1.key }
            var why = frequent.map { "\($0.key.shortened(toColumns: 40)): \($0.value)" }
            if reasons.count > mostReasons {
                why.append("and \(reasons.count - mostReasons) more reasons")
            }
            metric.notes.append(
                kinds.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
                    + " (\(why.joined(separator: ", ")))")
        }
        metric.noteImported(try ImportedRuns(source), "skipped", \.skipped)
        return metric
    }
}
