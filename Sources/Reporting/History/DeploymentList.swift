package import JSON
package import Queries
package import SQLite

/// The newest deployments that match.
package struct DeploymentList: Sendable {
    /// The columns that say most, for people.
    package let summary: Table
    /// Everything, in base units, for programs.
    package let table: Table
    /// Whether older ones match too.
    package let isCut: Bool
    /// When the last one asked, where older ones follow.
    package let oldest: Instant?
    /// The id of the last one, where older ones follow: the list goes on behind it.
    package let last: String?

    /// Asks for at most `limit` deployments, nil for all.
    ///
    /// - Parameter before: only those behind the deployment with this id; of one that is not in the
    ///   ledger there are none.
    package init(
        _ connection: Connection, window: PartialWindow, filter: ReportFilter, limit: Int64?,
        before: String? = nil
    ) throws(ReportError) {
        var values = filter.parameters
        values["since"] = Value(window.since?.microseconds)
        values["until"] = Value(window.until?.microseconds)
        // One more than wanted tells whether there are more.
        values["limit"] = Value(limit.map { $0 == .max ? $0 : $0 + 1 })
        values["before"] = Value(before)
        let query = try NamedQuery.named("deployments")
        let found = try QueryRun(query, on: connection, values).rest()
        isCut = limit.map { found.count > $0 } ?? false
        let rows = isCut ? Array(found.dropLast()) : found
        oldest = isCut ? rows.last?.time("requested_at_us") : nil
        last = isCut ? rows.last?.text("id") : nil
        table = Table(
            columns: query.columns.map { Table.Column($0.key, title: $0.name) },
            rows: rows.map(\.cells))
        summary = Table(columns: Self.summaryColumns, rows: rows.map(Self.summary))
    }

    /// The list with what it was selected by.
    package func json(_ window: PartialWindow, _ filter: ReportFilter) -> JSONValue {
        .object([
            ("window", window.json), ("filter", filter.json), ("truncated", .bool(isCut)),
            ("deployments", .array(table.objects)),
        ])
    }

    private static let summaryColumns = [
        Table.Column("number", title: "NO."), Table.Column("requested_at", title: "ASKED"),
        Table.Column("outcome", title: "OUTCOME"), Table.Column("wait", title: "WAITED"),
        Table.Column("held", title: "RAN"), Table.Column("tier", title: "TIER", widest: 12),
        Table.Column("source", title: "FROM", widest: 10),
        Table.Column("actor", title: "BY", widest: 24),
        Table.Column("sha", title: "COMMIT", widest: 12),
        Table.Column("command", title: "COMMAND", widest: 60),
    ]

    private static func summary(_ row: QueryRow) -> [Cell] {
        func cell(_ name: String, _ type: NamedQuery.ValueType) -> Cell {
            QueryRow.cell(row[name], type)
        }
        return [
            cell("number", .integer), cell("requested_at_us", .time), .text(outcome(row)),
            cell("wait_us", .duration),
            cell(row["command_us"] == .null ? "held_us" : "command_us", .duration),
            cell("tier", .text),
            cell("source", .text), cell(row["actor"] == .null ? "user" : "actor", .text),
            row.text("sha").map { .text(String($0.prefix(10))) } ?? .none, command(row),
        ]
    }

    /// What ran; of what was made elsewhere what it is called there.
    private static func command(_ row: QueryRow) -> Cell {
        guard row["command"] == .null, let workflow = row.text("workflow") else {
            return QueryRow.cell(row["command"], .words)
        }
        return .text(row.text("event").map { "\(workflow) (\($0))" } ?? workflow)
    }

    /// What its check and rollback came to; nil where they say no more than the outcome.
    private static func life(_ row: QueryRow) -> String? {
        var words: [String] = []
        if row.text("health") == "unhealthy" { words.append("unhealthy") }
        if row.text("health") == "unchecked" { words.append("never checked") }
        if row.text("failure") == "overran" { words.append("overran") }
        switch row.text("rollback") {
        case nil: break
        case "done": words.append("rolled back")
        default: words.append("ROLLBACK FAILED")
        }
        if words.isEmpty { return nil }
        if words[0].uppercased() == words[0] || words[0] == "rolled back" {
            if let code = row.integer("exit_code"), code != 0 { words.insert("\(code)", at: 0) }
            if let signal = row.integer("signal") { words.insert("signal \(signal)", at: 0) }
        }
        return words.joined(separator: ", ")
    }

    private static func outcome(_ row: QueryRow) -> String {
        let outcome = row.text("outcome") ?? "unknown"
        if outcome == "superseded", let covering = row.integer("covered_by_number") {
            return "\(outcome) (#\(covering))"
        }
        if let life = life(row) { return "\(outcome) (\(life))" }
        if let signal = row.integer("signal") { return "\(outcome) (signal \(signal))" }
        if let code = row.integer("exit_code"), code != 0 { return "\(outcome) (\(code))" }
        return outcome
    }
}
