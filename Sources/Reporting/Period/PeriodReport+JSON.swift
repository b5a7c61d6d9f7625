package import JSON
import Ledger
import DeploymentMetrics
import Queries

extension PeriodReport {
    /// The report as JSON, in base units.
    package var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("label", .string(period.label)),
            ("window", period.window.json),
            ("is_running", .bool(period.isRunning)),
            ("known_until", .string(period.knownUntil.rfc3339)),
            ("generated_at", .string(period.now.rfc3339)),
            (
                "previous",
                .object([
                    ("label", .string(period.previousLabel)), ("window", period.previous.json),
                ])
            ),
            ("percentile_method", .string("nearest_rank")),
            ("headline", Headline(self).json),
            ("attention", .array(attention.map { .string($0) })),
            ("changes", .array(changes.map { .string($0) })),
            ("metrics", .array(comparisons.map(\.json))),
            ("delivery_keys", keysJSON),
            ("trend", trend.json),
            (
                "deployments",
                .object(breakdowns.map { ("by_\($0.key)", .array($0.rows.map(\.json))) })
            ),
        ]
        members.append(("ci_runs", ciRuns.json))
        members += lists.map { ($0.key, $0.json) }
        members += [
            ("charts", .array(charts.map(\.json))),
            ("in_flight", current.inFlight.json(now: period.now)),
            ("ledger", current.coverage.json),
        ]
        if !current.targets.changed.isEmpty {
            members.append(
                ("targets_set_by", .array(current.targets.changed.map { .string($0) })))
        }
        if !current.filter.isEmpty { members.insert(("filter", current.filter.json), at: 2) }
        return .object(members)
    }
}

extension Comparison {
    fileprivate var json: JSONValue {
        guard case .object(let members) = current.json else { return current.json }
        return .object(
            members + [("previous", previous?.json ?? .null), ("change", change.json)])
    }
}

extension Trend {
    fileprivate var json: JSONValue {
        .array(
            weeks.enumerated().map { index, week in
                .object([
                    ("week", .string(week.label)), ("since", .string(week.window.since.rfc3339)),
                    ("until", .string(week.window.until.rfc3339)),
                    ("is_running", .bool(week.isRunning)), ("is_known", .bool(week.isKnown)),
                    (
                        "metrics",
                        .array(week.isKnown ? lines.map { $0.json(at: index) } : [])
                    ),
                ])
            })
    }
}

extension Trend.Line {
    fileprivate func json(at index: Int) -> JSONValue {
        let figure = figures[index]
        var members: [(key: String, value: JSONValue)] = [("name", .string(name.rawValue))]
        if let tier { members.append(("tier", .string(tier))) }
        members += [
            ("statistic", .string(figure.statistic.rawValue)),
            ("value", figure.value?.json ?? .null),
            ("n", .integer(figure.n)),
        ]
        return .object(members)
    }
}

extension Breakdown.Row {
    fileprivate var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = [("name", .optional(name))]
        guard let counts else { return .object(members + [("ended", .null)]) }
        members.append(("ended", .integer(counts.total)))
        members += counts.byOutcome.map { ($0.key.rawValue, $0.value) }
            .sorted { $0.0 < $1.0 }.map { ($0.0, .integer($0.1)) }
        return .object(members)
    }
}

extension ReportList {
    fileprivate var json: JSONValue {
        .object([
            ("total", .integer(Int64(total))), ("omitted", .integer(Int64(omitted))),
            ("deployments", .array(rows.map(\.json))),
        ])
    }
}

extension Chart {
    fileprivate var json: JSONValue {
        func value(_ number: Int64) -> JSONValue {
            unit == .duration ? .seconds(microseconds: number) : .integer(number)
        }
        return .object([
            ("name", .string(key)),
            ("unit", .string(unit == .duration ? "seconds" : "deployments")),
            (
                "targets",
                .array(
                    targets.map {
                        .object([("label", .string($0.label)), ("value", value($0.value))])
                    })
            ),
            (
                "series",
                .array(
                    series.map { series in
                        .object([
                            ("name", .string(series.name)),
                            (
                                "values",
                                .array(
                                    series.marks.compactMap { $0 }.map { mark in
                                        .object(
                                            [
                                                ("since", .string(mark.since.rfc3339)),
                                                ("until", .string(mark.until.rfc3339)),
                                                ("value", value(mark.value)),
                                            ]
                                                + (mark.statistic.map {
                                                    [("statistic", .string($0.rawValue))]
                                                } ?? []))
                                    })
                            ),
                        ])
                    })
            ),
        ])
    }
}
