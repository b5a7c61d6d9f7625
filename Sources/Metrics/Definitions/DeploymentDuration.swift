import JSON
package import Queries
import SQLite
import Wording

/// How long successful deployments had the lock, by tier.
package enum DeploymentDuration {
    /// Lower and upper bound of a tier, in microseconds.
    ///
    /// The upper bound decides; what is quicker than the lower one is worth a note, because it may
    /// have done nothing.
    package static let bounds: [(tier: String, lower: Int64, upper: Int64)] = [
        ("lightning", 180_000_000, 300_000_000),
        ("docker", 300_000_000, 600_000_000),
    ]

    /// The two tiers with a target always, then every other tier that has values.
    package static func measure(_ source: ReportSource) throws(ReportError) -> [Metric] {
        let lower = JSONValue.object(bounds.map { ($0.tier, .integer($0.lower)) })
        let rows = try source.rows("deployment-duration", ["too_quick": .text(lower.line)])
        let known = bounds.map { bound in
            metric(tier: bound.tier, rows.first { $0.text("tier") == bound.tier }, bound)
        }
        let others = rows.filter { row in !bounds.contains { $0.tier == row.text("tier") } }
        return known + others.map { metric(tier: $0.text("tier"), $0, nil) }
    }

    private static func metric(
        tier: String?, _ row: QueryRow?, _ bound: (tier: String, lower: Int64, upper: Int64)?
    ) -> Metric {
        let lengths = Distribution(row)
        let target = bound.map { (Metric.Comparison.atMost, Quantity.duration($0.upper)) }
        var metric = Metric(
            name: .deploymentDuration, tier: .some(tier), unit: "seconds",
            statistic: lengths.statistic, value: lengths.value, target: target,
            status: lengths.status(target), n: lengths.n, p50: lengths.p50, p95: lengths.p95,
            max: lengths.max)
        if let bound {
            let tooQuick = row?.count("too_quick") ?? 0
            metric.details.append(("lower_bound", .seconds(microseconds: bound.lower)))
            metric.details.append(("below_lower_bound", .integer(tooQuick)))
            if tooQuick > 0 {
                let least = LengthOfTime.text(microseconds: bound.lower)
                metric.notes.append("\(tooQuick) of \(lengths.n) took less than \(least)")
            }
        }
        metric.noteExcluded(row?.count("excluded") ?? 0)
        return metric
    }
}
