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

    /// The number for people.
    package var text: String {
        switch self {
        case .duration(let microseconds): LengthOfTime.text(microseconds: microseconds)
        case .count(let count): String(count)
        case .ratio(let ratio): PercentText.text(ratio)
        }
    }
}

/// Whether a metric meets its target.
package enum MetricStatus: String, Sendable {
    /// It does.
    case pass
    /// It does not.
    case fail
    /// Nothing was measured, so nothing can be said.
    case noData = "no_data"
}

/// One figure of the metrics report, with everything needed to judge it.
package struct Metric: Sendable {
    /// The six metrics.
    package enum Name: String, Sendable, CaseIterable {
        /// How long deployments wait for the lock.
        case lockWaitTime = "lock_wait_time"
        /// How long successful deployments have the lock.
        case deploymentDuration = "deployment_duration"
        /// How many wait at a time.
        case queueLength = "queue_length"
        /// How many are not carried out on purpose.
        case skipRate = "skip_rate"
        /// How many give up waiting.
        case timeoutRate = "timeout_rate"
        /// How many lose their wrapper while they have the lock.
        case orphanRate = "orphan_rate"
    }

    /// What a value must be to meet the target.
    package enum Comparison: String, Sendable {
        /// Smaller than the target.
        case below = "<"
        /// The target or smaller.
        case atMost = "<="
        /// The target itself.
        case exactly = "="

        /// The sign for people.
        package var sign: String { self == .atMost ? "≤" : rawValue }
    }

    /// Which of the six.
    package let name: Name
    /// The kind of deployment it is about, for metrics by tier; nil inside is "no tier".
    package var tier: String??
    /// `seconds`, `deployments` or `ratio`.
    package let unit: String
    /// Which statistic `value` is and the target is compared with, such as `p95`.
    package let statistic: String
    /// The value; nil when nothing was measured.
    package let value: Quantity?
    /// The target; nil when there is none.
    package var target: (comparison: Comparison, limit: Quantity)?
    /// The verdict; nil when there is a value but no target.
    package let status: MetricStatus?
    /// How many deployments were measured.
    package let n: Int64
    /// The upper part of a rate.
    package var numerator: Int64?
    /// The lower part of a rate.
    package var denominator: Int64?
    /// Median.
    package var p50: Quantity?
    /// 95th percentile.
    package var p95: Quantity?
    /// Maximum.
    package var max: Quantity?
    /// Further figures by name, for JSON.
    package var details: [(key: String, value: JSONValue)] = []
    /// What else a person should know, for the table.
    package var notes: [String] = []
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
