package import JSON
import Ledger
import DeploymentMetrics
package import Queries
import Wording

/// The CI runs of a period that were imported: how they ended and how long they took.
///
/// They had no lock here, so they count in no metric; a run that a deployment here was part of is
/// counted as that.
package struct CIRuns: Sendable {
    /// Those of a day or of a workflow.
    struct Group: Sendable {
        /// Nil when the runs name nothing.
        let name: String?
        var counts = OutcomeCounts()
        /// How long those took that succeeded, in µs.
        var lengths: [Int64] = []

        mutating func add(_ run: QueryRow) {
            let outcome = run.text("outcome").flatMap { Outcome(rawValue: $0) }
            counts.add(1, outcome)
            if outcome == .succeeded, let length = run.integer("held_us") { lengths.append(length) }
        }
    }

    /// How many there are.
    package let total: Int
    /// How many more are counted as deployments.
    package let joined: Int
    /// `day` or `week`.
    private let unit: String
    private let byTime: [Group]
    private let byWorkflow: [Group]

    init(_ source: MeasureSource, _ window: Window) throws(ReportError) {
        let all = try source.rows("report-ci-runs")
        let runs = all.filter { $0.integer("joined") != 1 }
        total = runs.count
        joined = all.count - runs.count
        let steps = TimeSteps.rows(of: window)
        unit = steps.unit
        var groups = steps.parts.map { Group(name: steps.name($0)) }
        var workflows: [String?: Group] = [:]
        for run in runs {
            let name = run.text("workflow")
            workflows[name, default: Group(name: name)].add(run)
            let place = run.time("ended_us").flatMap { ended in
                steps.parts.lastIndex { $0.since <= ended }
            }
            if let place { groups[place].add(run) }
        }
        byTime = groups.filter { $0.counts.total > 0 }
        byWorkflow = workflows.values.sorted {
            ($0.name == nil ? 1 : 0, $0.name ?? "") < ($1.name == nil ? 1 : 0, $1.name ?? "")
        }
    }

    /// The heading.
    package static let title = "CI runs"

    /// What they are and what the figures are of, in a sentence.
    package var note: String {
        let more =
            joined > 0
            ? "; \(PluralText.text(joined, "more is", "more are")) counted as deployments" : ""
        return "\(PluralText.text(total, "run")) imported, in no metric of the lock\(more). "
            + "P50 and P95 are how long those took that succeeded."
    }

    /// The tables for people, each with its key and title; none without a run.
    package var tables: [(key: String, title: String, table: Table)] {
        if total == 0 { return [] }
        return [
            ("ci_\(unit)", "CI runs by \(unit)", table(unit, byTime)),
            ("ci_workflow", "CI runs by workflow", table("workflow", byWorkflow)),
        ]
    }

    private static let columns: [(title: String, outcome: Outcome)] = [
        ("SUCCEEDED", .succeeded), ("FAILED", .failed), ("CANCELLED", .cancelled),
        ("SKIPPED", .skipped), ("TIMED OUT", .timedOut),
    ]

    private func table(_ key: String, _ groups: [Group]) -> Table {
        let columns =
            [
                Table.Column(key, title: key.uppercased(), widest: 40),
                Table.Column("ended", title: "ENDED"),
            ]
            + Self.columns.map { Table.Column($0.outcome.rawValue, title: $0.title) } + [
                Table.Column("p50_seconds", title: "P50"),
                Table.Column("p95_seconds", title: "P95"),
            ]
        return Table(
            columns: columns,
            rows: groups.map { group in
                let length = group.percentiles
                return [.text(group.name ?? "none"), .integer(group.counts.total)]
                    + Self.columns.map { .integer(group.counts.count($0.outcome)) }
                    + [length.p50, length.p95].map { $0.map { .duration($0) } ?? .none }
            })
    }

    /// All of it in base units.
    package var json: JSONValue {
        .object([
            ("total", .integer(Int64(total))), ("counted_as_deployments", .integer(Int64(joined))),
            ("by_\(unit)", .array(byTime.map(\.json))),
            ("by_workflow", .array(byWorkflow.map(\.json))),
        ])
    }
}

extension CIRuns.Group {
    fileprivate var percentiles: Percentiles {
        var lengths = lengths
        return Percentiles(&lengths)
    }

    fileprivate var json: JSONValue {
        let length = percentiles
        func seconds(_ value: Int64?) -> JSONValue {
            value.map { .seconds(microseconds: $0) } ?? .null
        }
        return .object(
            [("name", .optional(name)), ("ended", .integer(counts.total))]
                + counts.byOutcome.map { ($0.key.rawValue, $0.value) }.sorted { $0.0 < $1.0 }
                .map { ($0.0, .integer($0.1)) }
                + [
                    ("n", .integer(length.n)), ("p50_seconds", seconds(length.p50)),
                    ("p95_seconds", seconds(length.p95)),
                ])
    }
}
