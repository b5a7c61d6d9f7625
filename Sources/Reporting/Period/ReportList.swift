import DeploymentMetrics
package import Queries
import SQLite

/// A list of the report: its first rows, and how many there are in all.
package struct ReportList: Sendable {
    /// What is listed, in words.
    package let title: String
    /// The key in JSON.
    package let key: String
    /// What a list without rows says.
    package let none: String
    /// What the time of a row is called.
    let moment: String
    /// The query behind it.
    let query: NamedQuery
    /// The rows that are shown.
    let rows: [QueryRow]
    /// How many there are.
    package let total: Int

    /// How many were left out.
    package var omitted: Int { total - rows.count }

    /// The columns that people see.
    var columns: [NamedQuery.Column] {
        // With one lock its name says nothing, with several a number alone does not.
        let isOneLock = Set(rows.map { $0.text("lock") }).count < 2
        let hidden = ["id", "run_url"] + (isOneLock ? ["lock"] : [])
        return query.columns.filter { !hidden.contains($0.name) }
    }

    /// The same with at most `limit` rows.
    func shortened(to limit: Int) -> ReportList {
        ReportList(
            title: title, key: key, none: none, moment: moment, query: query,
            rows: Array(rows.prefix(limit)), total: total)
    }

    /// The rows for people.
    package var table: Table {
        let shown = columns
        return Table(
            columns: shown.map { column in
                let usual = column.tableColumn
                guard column.name == "at_us" else { return usual }
                return Table.Column(usual.key, title: moment)
            },
            rows: rows.map { row in
                shown.map { column in
                    let cell = QueryRow.cell(row[column.name], column.type)
                    // People compare the beginnings of commits.
                    guard column.name.hasSuffix("sha"), case .text(let sha) = cell else {
                        return cell
                    }
                    return .text(String(sha.prefix(10)))
                }
            })
    }
}

extension MeasureSource {
    /// One list, nil for all of its rows; `total` is what another query counted, nil to count here.
    func list(
        _ name: String, key: String, title: String, none: String, moment: String = "AT",
        limit: Int?,
        total: Int? = nil
    ) throws(ReportError) -> ReportList {
        let query = try NamedQuery.named(name)
        let bound: [String: Int64] = total == nil ? [:] : limit.map { ["limit": Int64($0)] } ?? [:]
        let rows = try self.rows(name, bound.mapValues { .integer($0) })
        let list = ReportList(
            title: title, key: key, none: none, moment: moment, query: query, rows: rows,
            total: total ?? rows.count)
        return limit.map { list.shortened(to: $0) } ?? list
    }
}
