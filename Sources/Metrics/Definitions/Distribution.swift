package import Queries

/// Nearest-rank percentiles of lengths of time, as the queries give them.
package struct Distribution {
    /// Fewer values than this say nothing about one in twenty, so the maximum is judged instead.
    package static let enoughForP95: Int64 = 20

    package let n: Int64
    package let p50: Quantity?
    package let p95: Quantity?
    package let max: Quantity?

    package init(n: Int64, p50: Quantity?, p95: Quantity?, max: Quantity?) {
        self.n = n
        self.p50 = p50
        self.p95 = p95
        self.max = max
    }

    package init(_ row: QueryRow?) {
        self.init(
            n: row?.count("n") ?? 0, p50: row?.integer("p50_us").map { .duration($0) },
            p95: row?.integer("p95_us").map { .duration($0) },
            max: row?.integer("max_us").map { .duration($0) })
    }

    /// The statistic a verdict rests on.
    package var statistic: String { n >= Self.enoughForP95 ? "p95" : "max" }

    /// The value of that statistic.
    package var value: Quantity? { n >= Self.enoughForP95 ? p95 : max }

    /// The verdict of that statistic; nil when there is a value but no target.
    package func status(_ target: (comparison: Metric.Comparison, limit: Quantity)?)
        -> MetricStatus?
    {
        guard case .duration(let measured) = value else { return .noData }
        guard let target, case .duration(let limit) = target.limit else { return nil }
        return switch target.comparison {
        case .below: measured < limit ? .pass : .fail
        case .atMost: measured <= limit ? .pass : .fail
        case .exactly: measured == limit ? .pass : .fail
        }
    }
}
