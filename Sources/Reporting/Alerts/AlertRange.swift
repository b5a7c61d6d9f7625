import JSON
import Wording

/// The values a measure may have, written as monitoring plugins do: `10`, `10:`, `~:10`, `10:20`,
/// `@10:20`.
///
/// Outside of it, both ends being inside, there is an alert; with `@` inside of it. `20m` stands
/// for `1200` where the measure is a length of time.
/// Source: <https://www.monitoring-plugins.org/doc/guidelines.html#THRESHOLDFORMAT>
package struct AlertRange: Hashable, Sendable {
    /// The lower end; nil for none.
    private let low: Int64?
    /// The upper end; nil for none.
    private let high: Int64?
    private let alertsInside: Bool
    private let unit: AlertMeasure.Unit

    init(low: Int64? = 0, high: Int64?, alertsInside: Bool = false, unit: AlertMeasure.Unit) {
        self.low = low
        self.high = high
        self.alertsInside = alertsInside
        self.unit = unit
    }

    /// Reads a range; nil when it is none.
    init?(_ text: Substring, unit: AlertMeasure.Unit) {
        var rest = text
        let alertsInside = rest.first == "@"
        if alertsInside { rest.removeFirst() }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        func number(_ text: Substring) -> Int64? {
            switch unit {
            case .seconds: DurationText.parse(option: String(text))
            case .count: Int64(text).flatMap { $0 >= 0 ? $0 : nil }
            }
        }
        var low: Int64? = 0
        var high: Int64?
        switch parts.count {
        case 1:
            guard let end = number(parts[0]) else { return nil }
            high = end
        case 2:
            if parts[0] == "~" {
                low = nil
            } else {
                guard let start = number(parts[0]) else { return nil }
                low = start
            }
            if !parts[1].isEmpty {
                guard let end = number(parts[1]) else { return nil }
                high = end
            }
        default: return nil
        }
        if let low, let high, low > high { return nil }
        self.init(low: low, high: high, alertsInside: alertsInside, unit: unit)
    }

    /// Whether a value, in microseconds or counted, calls for an alert.
    func alerts(about value: Int64) -> Bool {
        let isInside = (low.map { value >= $0 } ?? true) && (high.map { value <= $0 } ?? true)
        return isInside == alertsInside
    }

    /// As plugins write it, in base units.
    var text: String {
        let start = low.map { $0 == 0 ? "" : "\(number($0)):" } ?? "~:"
        let end = high.map(number) ?? (low == 0 ? "0:" : "")
        return (alertsInside ? "@" : "") + start + end
    }

    private func number(_ value: Int64) -> String {
        unit == .seconds ? JSONValue.seconds(microseconds: value).line : String(value)
    }
}
