package import JSON
package import Queries
import Wording

/// One event as `deploystats events` shows it.
package struct EventRow: Sendable {
    /// Its place in the ledger.
    package let seq: Int64
    private let row: QueryRow

    init(_ row: QueryRow) {
        self.row = row
        seq = row.integer("seq") ?? 0
    }

    /// The event with the keys other people's scripts rely on; what does not apply is left out.
    package var json: JSONValue {
        .object(
            zip(row.query.columns, cells).flatMap { column, cell in
                cell.members(Self.key(column))
            })
    }

    /// The same values in the same order, for CSV.
    package var cells: [Cell] {
        zip(row.query.columns, row.values).map { column, value in
            // Lengths of time stay in microseconds here, as their keys say.
            QueryRow.cell(value, column.type == .duration ? .integer : column.type)
        }
    }

    /// The columns of `cells`.
    package static func columns() throws(ReportError) -> [Table.Column] {
        try NamedQuery.named("events").columns.map { column in
            Table.Column(key(column), title: column.name)
        }
    }

    /// Times are written out, lengths stay as they are.
    private static func key(_ column: NamedQuery.Column) -> String {
        column.type == .time && column.name.hasSuffix("_us")
            ? String(column.name.dropLast(3)) : column.name
    }

    /// One line for people: when, which deployment, what happened in a word, who, the rest.
    package func line(in zone: Zone) -> String {
        let time = row.time("at_us").map { zone.shortText($0) } ?? "-"
        let number = row.integer("number").map { "#\($0)" } ?? "-"
        let kind = row.text("kind") ?? "-"
        let person = (row.text("actor") ?? row.text("user") ?? "-").escapedForTerminal
        var line = "\(time)  \(Self.filled(number, 6))  \(Self.filled(kind, 13))  "
        line += Self.filled(person.shortened(toColumns: 20), 12)
        let facts = facts(kind, zone)
        line += facts.isEmpty ? "" : "  " + facts.joined(separator: ", ")
        while line.last == " " { line.removeLast() }
        return line
    }

    private func facts(_ kind: String, _ zone: Zone) -> [String] {
        var facts: [String] = []
        if let attempt = row.integer("attempt") {
            facts.append(
                "attempt \(attempt)" + (row.integer("attempts").map { "/\($0)" } ?? ""))
        }
        if let outcome = row.text("outcome"), outcome != kind { facts.append(outcome) }
        if let code = row.integer("exit_code") { facts.append("exit code \(code)") }
        if let signal = row.integer("signal") { facts.append("signal \(signal)") }
        if let result = row.text("result") { facts.append(result) }
        if let reason = row.text("reason") { facts.append(reason) }
        if let covering = row.integer("covered_by_number") {
            facts.append("covered by #\(covering)")
        }
        if kind == "wrapper_lost", let pid = row.integer("pid") { facts.append("keeper \(pid)") }
        if let ahead = row.integer("ahead") { facts.append("\(ahead) ahead") }
        if let wait = row.integer("wait_us"), kind != "released" {
            facts.append("waited " + DurationText.text(microseconds: wait))
        }
        if let ran = row.integer("command_us") ?? row.integer("held_us"), kind != "overran" {
            facts.append("ran " + DurationText.text(microseconds: ran))
        }
        facts += steps(in: zone)
        if kind == "requested" || kind == "nested" && row.integer("held_us") == nil {
            if let tier = row.text("tier") { facts.append(tier) }
            if let source = row.text("source") { facts.append("from \(source)") }
            if case .words(let words) = QueryRow.cell(row["command"], .words) {
                facts.append("$ " + ShellText.quoted(words))
            }
        }
        return facts.map { $0.escapedForTerminal.shortened(toColumns: 100) }
    }

    /// What it tells of checks, rollbacks, limits and freezes.
    private func steps(in zone: Zone) -> [String] {
        func length(_ name: String, _ word: String) -> String? {
            row.integer(name).map { word + " " + DurationText.text(microseconds: $0) }
        }
        let facts = [
            length("took_us", "took"), length("limit_us", "limit"), length("frozen_us", "frozen"),
            row.text("health"), row.text("rollback").map { "rollback \($0)" },
            row.text("failed_step").map { "after \($0)" },
            row.time("until_us").map { "until \(zone.shortText($0))" },
            row.text("override_reason").map { "in spite of a freeze: \($0)" },
        ]
        return facts.compactMap(\.self)
    }

    private static func filled(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.columnWidth))
    }
}
