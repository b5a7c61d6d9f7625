import Ledger
package import DeploymentMetrics
package import Queries
import Wording

/// How many deployments ended in which way, for every day, tier, source or person: counts in a fixed
/// order, no ranking.
package struct Breakdown: Sendable {
    /// A day, a tier and so on.
    package struct Row: Sendable {
        /// What it is called; nil when the deployments name nothing.
        package let name: String?
        /// Nil when nothing is known, as of a day before the ledger begins or one to come.
        package let counts: OutcomeCounts?
    }

    /// `day`, `week`, `tier`, `source` or `person`.
    package let key: String
    /// In the order of time, or of the names, with those that name nothing last.
    package let rows: [Row]

    /// Whether it is about days or weeks, as a chart is.
    var isOfTime: Bool { key == "day" || key == "week" }

    /// The ways they ended that get a column, with its key and title.
    static let columns: [(key: String, title: String, outcomes: [Outcome])] = [
        ("succeeded", "SUCCEEDED", [.succeeded]), ("failed", "FAILED", [.failed]),
        ("left_out", "SKIPPED", [.skipped, .superseded, .refused]),
        ("timed_out", "TIMED OUT", [.timedOut]), ("cancelled", "CANCELLED", [.cancelled]),
        ("orphaned", "ORPHANED", [.orphaned]), ("force_unlocked", "UNLOCKED", [.forceUnlocked]),
    ]

    static func days(_ period: ReportPeriod, known first: Instant?, _ activity: DeploymentHistory)
        -> Self
    {
        let steps = TimeSteps.rows(of: period.window)
        let rows = steps.parts.map { part in
            let end = min(part.until, period.knownUntil)
            let isKnown = part.since < end && first.map { $0 < end } ?? false
            return Row(
                name: steps.name(part),
                counts: isKnown ? HistorySlice(activity, part).outcomes : nil)
        }
        return Breakdown(key: steps.unit, rows: rows)
    }

    static func tiers(_ ended: HistorySlice) -> Self {
        Breakdown(
            key: "tier", rows: ended.outcomesByTier.map { Row(name: $0.tier, counts: $0.counts) })
    }

    /// By source and by person, out of the rows of the query.
    static func people(_ rows: [QueryRow]) -> [Self] {
        ["source", "person"].map { key in
            var counts: [String?: OutcomeCounts] = [:]
            for row in rows {
                let outcome = row.text("outcome").flatMap { Outcome(rawValue: $0) }
                counts[row.text(key), default: OutcomeCounts()].add(row.count("n"), outcome)
            }
            let sorted = counts.sorted {
                ($0.key == nil ? 1 : 0, $0.key ?? "") < ($1.key == nil ? 1 : 0, $1.key ?? "")
            }
            return Breakdown(key: key, rows: sorted.map { Row(name: $0.key, counts: $0.value) })
        }
    }

    /// The same with at most this many rows and one for all that follow; days and weeks, of which there
    /// are few, all stay.
    func shortened(to limit: Int) -> Breakdown {
        guard !isOfTime, rows.count > limit + 1 else { return self }
        var rest = OutcomeCounts()
        for row in rows.dropFirst(limit) { row.counts.map { rest.add($0) } }
        return Breakdown(
            key: key,
            rows: rows.prefix(limit) + [Row(name: "\(rows.count - limit) more", counts: rest)])
    }

    /// The counts for people and programs.
    package var table: Table {
        let columns =
            [
                Table.Column(key, title: key.uppercased(), widest: 40),
                Table.Column("ended", title: "ENDED"),
            ] + Self.columns.map { Table.Column($0.key, title: $0.title) }
        return Table(
            columns: columns,
            rows: rows.map { row in
                [.text(row.name ?? "none"), Self.cell(row.counts?.total)]
                    + Self.columns.map { column in
                        Self.cell(
                            row.counts.map { counts in
                                column.outcomes.reduce(0) { $0 + counts.count($1) }
                            })
                    }
            })
    }

    private static func cell(_ count: Int64?) -> Cell { count.map { .integer($0) } ?? .none }
}
