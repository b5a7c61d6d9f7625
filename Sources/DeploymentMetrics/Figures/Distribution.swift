/// Which number of many a value is.
package enum Statistic: String, Sendable { case p95, max, rate, count }

/// Nearest-rank percentiles of lengths of time, and the one a verdict rests on.
package struct Distribution {
    package let n: Int64
    package let p50: Quantity?
    package let p95: Quantity?
    package let max: Quantity?
    package let mean: Quantity?

    package init(_ figures: Percentiles) {
        n = figures.n
        p50 = figures.p50.map { .duration($0) }
        p95 = figures.p95.map { .duration($0) }
        max = figures.max.map { .duration($0) }
        mean = figures.mean.map { .duration($0) }
    }

    /// Of these lengths in microseconds; unusable ones are left out.
    package init(lengths: [Int64]) {
        var usable = lengths.filter { $0 >= 0 }
        self.init(Percentiles(&usable))
    }

    /// The statistic a verdict rests on.
    package var statistic: Statistic { n >= Targets.enoughForP95 ? .p95 : .max }

    /// The value of that statistic.
    package var value: Quantity? { statistic == .p95 ? p95 : max }
}
