package import JSON
import Wording

/// A metric beside what it was in the period before.
package struct Comparison: Sendable {
    /// How much a value has changed.
    package enum Change: Hashable, Sendable {
        /// Points of a percentage; for rates.
        case points(Double)
        /// How many more, or fewer if negative; for counts.
        case count(Int64)
        /// A part of what it was: 0.25 is a quarter more; for lengths of time.
        case relative(Double)
        /// Nothing can be said: one of the two is missing, they are different statistics, or a
        /// length was zero, of which nothing is a part.
        case notAvailable
    }

    /// The metric now.
    package let current: Metric
    /// The same metric then; nil when it was not reported, as of a tier that did not exist.
    package let previous: Metric?

    /// How much it has changed.
    package var change: Change {
        guard let previous, let now = current.value, let then = previous.value,
            current.statistic == previous.statistic
        else { return .notAvailable }
        switch (now, then) {
        case (.ratio(let now), .ratio(let then)): return .points((now - then) * 100)
        case (.count(let now), .count(let then)): return .count(now - then)
        case (.duration(let now), .duration(let then)) where then > 0:
            return .relative(Double(now) / Double(then) - 1)
        default: return .notAvailable
        }
    }

    /// What has changed, in words; `no change` where both values read the same.
    package var changeText: String { readsTheSame ? "no change" : change.text }

    /// Whether it is worth a sentence.
    ///
    /// Another verdict is, a quarter more or less time, a point of a rate, another count. Nothing is
    /// compared with nothing, and nobody sees what the figures do not show.
    package var isNotable: Bool {
        guard let previous, previous.value != nil else { return false }
        if current.status != previous.status { return true }
        if readsTheSame { return false }
        return switch change {
        case .relative(let part): abs(part) >= 0.25
        case .points(let points): abs(points) >= 1
        case .count(let count): count != 0
        case .notAvailable: false
        }
    }

    private var readsTheSame: Bool {
        guard change != .notAvailable, let now = current.value, let then = previous?.value else {
            return false
        }
        return now.text == then.text
    }

    /// Every current metric with the one it corresponds to.
    package static func pairs(_ current: [Metric], _ previous: [Metric]) -> [Comparison] {
        current.map { metric in
            Comparison(
                current: metric,
                previous: previous.first { $0.name == metric.name && $0.scope == metric.scope })
        }
    }
}

extension Comparison.Change {
    /// For people: `+1.2 pp`, `-3`, `+25 %`, `12×`, `no change`, `n/a`.
    package var text: String {
        switch self {
        case .points(let points): Self.signed(tenths: points, "pp")
        case .count(let count): count == 0 ? "no change" : count > 0 ? "+\(count)" : "\(count)"
        case .relative(let part):
            part < Self.manyTimes - 1
                ? Self.signed(tenths: part * 100, "%") : Self.times(part + 1)
        case .notAvailable: "n/a"
        }
    }

    /// From this factor on it is named instead of a percentage.
    private static let manyTimes = 10.0

    private static func times(_ factor: Double) -> String {
        factor < 1000 ? "\(Int(factor.rounded()))×" : ">1000×"
    }

    private static func signed(tenths value: Double, _ unit: String) -> String {
        let tenths = (abs(value) * 10).rounded()
        if value == 0 { return "no change" }
        let sign = value < 0 ? "-" : "+"
        if tenths == 0 { return "\(sign)<0.1 \(unit)" }
        guard tenths < 1e15 else { return "\(sign)very much" }
        let whole = Int64(tenths)
        return sign + String(whole / 10) + (whole % 10 == 0 ? "" : ".\(whole % 10)") + " \(unit)"
    }

    /// For programs: the key says the unit.
    package var json: JSONValue {
        switch self {
        case .points(let points): .object([("percentage_points", .real(points))])
        case .count(let count): .object([("deployments", .integer(count))])
        case .relative(let part): .object([("ratio", .real(part))])
        case .notAvailable: .null
        }
    }
}
