package import JSON
import Queries

extension MetricsReport {
    /// The report as JSON, in base units.
    package var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("window", windowJSON),
            ("generated_at", .string(now.rfc3339)),
            ("percentile_method", .string("nearest_rank")),
            ("metrics", .array(metrics.map(\.json))),
            ("in_flight", inFlight.json(now: now)),
            ("ledger", coverage.json),
        ]
        if !targets.changed.isEmpty {
            members.append(("targets_set_by", .array(targets.changed.map { .string($0) })))
        }
        if !filter.isEmpty { members.insert(("filter", filter.json), at: 1) }
        return .object(members)
    }

    private var windowJSON: JSONValue { window.json }
}

extension Coverage {
    /// What there is, and since when.
    package var json: JSONValue {
        .object([
            ("events", .integer(events)),
            ("deployments", .integer(deployments)),
            ("first_event_at", .optional(first?.rfc3339)),
        ])
    }
}

extension Metric {
    /// The metric as JSON, in base units; what does not apply is left out.
    package var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = [("name", .string(name.rawValue))]
        if case .tier(let tier) = scope { members.append(("tier", .optional(tier))) }
        members += [
            ("unit", .string(unit.rawValue)),
            ("statistic", .string(statistic.rawValue)),
            ("value", value?.json ?? .null),
            ("target", target?.limit.json ?? .null),
            ("status", .string(status.rawValue)),
            ("n", .integer(n)),
        ]
        if let target { members.append(("target_comparison", .string(target.comparison.rawValue))) }
        if let numerator { members.append(("numerator", .integer(numerator))) }
        if let denominator { members.append(("denominator", .integer(denominator))) }
        for (key, quantity) in [("p50", p50), ("p95", p95), ("max", max), ("mean", mean)] {
            if let quantity { members.append((key, quantity.json)) }
        }
        return .object(members + details)
    }
}
