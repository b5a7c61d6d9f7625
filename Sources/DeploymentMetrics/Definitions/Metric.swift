package import JSON

/// Whether a metric meets its target.
package enum MetricStatus: String, Sendable {
    /// It does.
    case pass
    /// It does not.
    case fail
    /// Nothing was measured, so nothing can be said.
    case noData = "no_data"
    /// There is a value, and no target to compare it with.
    case noTarget = "no_target"
}

/// One figure of the metrics report, with everything needed to judge it.
package struct Metric: Sendable {
    /// The metrics.
    package enum Name: String, Sendable, CaseIterable {
        /// How long deployments wait for the lock.
        case lockWaitTime = "lock_wait_time"
        /// How long the commands of successful deployments run.
        case deploymentDuration = "deployment_duration"
        /// How many wait at a time.
        case queueLength = "queue_length"
        /// How many are not carried out on purpose.
        case skipRate = "skip_rate"
        /// How many of those that had the lock succeed.
        case successRate = "success_rate"
        /// How long commits take from the first request to the success that delivers them.
        case timeToDeliver = "time_to_deliver"
        /// How many give up waiting.
        case timeoutRate = "timeout_rate"
        /// How many lose their wrapper while they have the lock.
        case orphanRate = "orphan_rate"
    }

    /// What values are counted in.
    package enum Unit: String, Sendable { case seconds, deployments, ratio }

    /// Which deployments it is about.
    package enum Scope: Hashable, Sendable {
        case all
        /// Those of one tier; nil: those without one.
        case tier(String?)
    }

    /// Which one.
    package let name: Name
    /// Which deployments it is about.
    package var scope = Scope.all
    /// What its value is counted in.
    package let unit: Unit
    /// Which statistic `value` is and the target is compared with, such as `p95`.
    package let statistic: Statistic
    /// The value; nil when nothing was measured.
    package let value: Quantity?
    /// The target; nil when there is none.
    package var target: Targets.Target?
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
    /// Arithmetic mean; of lengths.
    package var mean: Quantity?
    /// Further figures by name, for JSON.
    package var details: [(key: String, value: JSONValue)] = []
    /// The lock it is about, where several have figures of their own.
    package var lock: String?
    /// What else a person should know, for the table.
    package var notes: [String] = []

    /// The tier it is about; nil for all deployments, and for those without a tier.
    package var tier: String? { if case .tier(let tier) = scope { tier } else { nil } }

    /// The verdict.
    package var status: MetricStatus {
        guard let value else { return .noData }
        guard let target else { return .noTarget }
        // Rates in whole numbers, so that exactly one in ten cannot round to less.
        if case .ratio(let limit) = target.limit, let numerator, let denominator {
            let thousandths = (limit * 1000).rounded()
            return Self.isMet(
                Double(numerator) * 1000, target.comparison, thousandths * Double(denominator))
        }
        return Self.isMet(value.number, target.comparison, target.limit.number)
    }

    private static func isMet(
        _ value: Double, _ comparison: Targets.Relation, _ limit: Double
    ) -> MetricStatus {
        switch comparison {
        case .below: value < limit ? .pass : .fail
        case .atMost: value <= limit ? .pass : .fail
        case .atLeast: value >= limit ? .pass : .fail
        case .exactly: value == limit ? .pass : .fail
        }
    }
}
