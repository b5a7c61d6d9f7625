package import JSON
import Wording

/// A value with its unit.
package enum Quantity: Hashable, Sendable {
    /// Microseconds; in JSON seconds.
    case duration(Int64)
    /// So many deployments.
    case count(Int64)
    /// A part of a whole, between 0 and 1.
    case ratio(Double)

    /// The number in the base unit.
    package var json: JSONValue {
        switch self {
        case .duration(let microseconds): .seconds(microseconds: microseconds)
        case .count(let count): .integer(count)
        case .ratio(let ratio): .real(ratio)
        }
    }

    /// The number alone; durations in microseconds, exact for two centuries and more.
    var number: Double {
        switch self {
        case .duration(let number), .count(let number): Double(number)
        case .ratio(let ratio): ratio
        }
    }

    /// The number for people.
    package var text: String {
        switch self {
        case .duration(let microseconds): DurationText.text(microseconds: microseconds)
        case .count(let count): String(count)
        case .ratio(let ratio): PercentText.text(ratio)
        }
    }
}

/// Rates for people.
enum PercentText {
    /// One digit after the point, and never "0 %" for what is more than nothing.
    package static func text(_ ratio: Double) -> String {
        let whole = Int((ratio * 1000).rounded())
        if whole == 0 && ratio > 0 { return "<0.1 %" }
        if whole == 1000 && ratio < 1 { return ">99.9 %" }
        return text(tenths: whole)
    }

    /// The same of a rate below a limit, so that it does not read as if it had reached it.
    package static func text(_ ratio: Double, below limit: Double) -> String {
        let reached = Int((limit * 1000).rounded())
        guard ratio < limit, Int((ratio * 1000).rounded()) == reached else { return text(ratio) }
        return ">" + text(tenths: reached - 1)
    }

    private static func text(tenths whole: Int) -> String {
        whole % 10 == 0 ? "\(whole / 10) %" : "\(whole / 10).\(whole % 10) %"
    }
}
