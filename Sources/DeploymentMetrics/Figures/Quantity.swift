package import JSON
import Wording

/// A value with its unit.
package enum Quantity: Hashable, Sendable {
    /// Microseconds; in JSON seconds.
    case duration(Int64)
    /// A number of deployments.
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
