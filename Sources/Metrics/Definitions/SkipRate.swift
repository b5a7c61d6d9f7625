import JSON
import Ledger
import Wording

/// How many deployments were not carried out on purpose.
enum SkipRate {
    /// So many reasons are named to people.
    private static let mostReasons = 20

    static func measure(_ figures: WindowFigures, _ imported: ImportedRuns) -> Metric {
        let kinds = zip(Outcome.leftOut.map(\.rawValue), figures.leftOut).map { ($0, $1) }
        let left = figures.leftOut.reduce(0, +)
        let reasons = figures.reasons
        var metric = Metric(
            .skipRate, .init(part: left, whole: figures.ended), target: Targets.skipRate)
        metric.details = kinds.map { ($0.0, .integer($0.1)) }
        metric.details.append(
            ("reasons", .object(reasons.map { ($0.reason, .integer($0.count)) })))
        if left > 0 {
            // People may give any reason; the most frequent ones say most.
            let frequent = reasons.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
                .prefix(mostReasons).sorted { $0.reason < $1.reason }
            var why = frequent.map { "\($0.reason.shortened(toColumns: 40)): \($0.count)" }
            if reasons.count > mostReasons {
                why.append("and \(reasons.count - mostReasons) more reasons")
            }
            metric.notes.append(
                kinds.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
                    + " (\(why.joined(separator: ", ")))")
        }
        metric.noteImported(imported, "skipped", \.skipped)
        return metric
    }
}

extension Metric {
    /// A metric that is a part of a whole.
    init(_ name: Name, _ rate: WindowFigures.Rate, target: Targets.Target) {
        self.init(
            name: name, unit: .ratio, statistic: .rate,
            value: rate.whole == 0 ? nil : .ratio(Double(rate.part) / Double(rate.whole)),
            target: target, n: rate.whole, numerator: rate.part, denominator: rate.whole)
    }
}
