import JSON
import Ledger
import Wording

/// How many deployments were not carried out on purpose.
enum SkipRate {
    /// How many reasons people are told at most.
    private static let mostReasons = 20

    static func measure(_ figures: WindowFigures, _ imported: ImportedRuns, _ targets: Targets)
        -> Metric
    {
        let skips = figures.skips
        let ways = zip(Outcome.leftOut.map(\.rawValue), skips.ways).map { ($0, $1) }
        var metric = Metric(.skipRate, skips.rate, target: targets.skipRate)
        metric.details = ways.map { ($0.0, .integer($0.1)) }
        metric.details += [
            ("batched", .integer(skips.batched)), ("pending", .integer(skips.pending)),
            ("unusable", .integer(skips.unusable)), ("frozen", .integer(skips.frozen)),
            ("reasons", .object(skips.reasons.map { ($0.reason, .integer($0.count)) })),
        ]
        if skips.rate.part > 0 { metric.notes.append(leftOut(ways, skips.reasons)) }
        metric.notes += batches(skips)
        if skips.unusable > 0 {
            let times = PluralText.text(Int(skips.unusable), "time", "times")
            metric.notes.append("error: the lock could not be used \(times); not in the rate")
        }
        if skips.frozen > 0 {
            metric.notes.append("\(skips.frozen) refused by a freeze; not in the rate")
        }
        metric.noteImported(imported, "skipped", \.skipped)
        return metric
    }

    private static func leftOut(
        _ ways: [(String, Int64)], _ reasons: [(reason: String, count: Int64)]
    ) -> String {
        // People may give any reason; the most frequent ones say most.
        let frequent = reasons.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
            .prefix(mostReasons).sorted { $0.reason < $1.reason }
        var why = frequent.map { "\($0.reason.shortened(toColumns: 40)): \($0.count)" }
        if reasons.count > mostReasons {
            why.append("and \(reasons.count - mostReasons) more reasons")
        }
        return ways.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
            + " (\(why.joined(separator: ", ")))"
    }

    /// What became of those that stepped aside.
    private static func batches(_ skips: WindowFigures.Skips) -> [String] {
        let left = zip(Outcome.leftOut, skips.ways).first { $0.0 == .superseded }?.1 ?? 0
        let superseded = left + skips.batched + skips.pending
        guard skips.batched + skips.pending > 0 else { return [] }
        let pending = skips.pending > 0 ? ", \(skips.pending) pending" : ""
        return ["\(skips.batched) of \(superseded) superseded delivered later\(pending)"]
    }
}

extension Metric {
    /// A metric that is a part of a whole.
    init(_ name: Name, _ rate: WindowFigures.Rate, target: Targets.Target?) {
        self.init(
            name: name, unit: .ratio, statistic: .rate,
            value: rate.whole == 0 ? nil : .ratio(Double(rate.part) / Double(rate.whole)),
            target: target, n: rate.whole, numerator: rate.part, denominator: rate.whole)
    }
}
