import JSON
import Wording

/// CSV as RFC 4180 has it: CRLF, quotes where they are needed, a header line.
package struct CSVRenderer: Sendable {
    private let isForTerminal: Bool

    /// A renderer of CSV.
    ///
    /// - Parameter isForTerminal: makes visible what could act on a terminal; files have all as it
    ///   is.
    package init(forTerminal isForTerminal: Bool = false) { self.isForTerminal = isForTerminal }

    /// Header and rows.
    package func render(_ table: Table) -> String {
        header(table.columns) + table.rows.map { line($0) }.joined()
    }

    /// The header line.
    package func header(_ columns: [Table.Column]) -> String {
        line(columns.map { .text($0.key) })
    }

    /// One row.
    package func line(_ row: [Cell]) -> String {
        row.map(field).joined(separator: ",") + "\r\n"
    }

    private func field(_ cell: Cell) -> String {
        switch cell {
        case .none: ""
        case .text(let text): quoted(guarded(text))
        case .words(let words): quoted(guarded(ShellText.quoted(words)))
        case .time(let instant): instant.rfc3339
        case .integer, .real, .ratio, .duration: cell.json.line
        }
    }

    /// Spreadsheets run a text that begins like a formula; an apostrophe keeps it a text.
    ///
    /// Some take the wide signs of East Asian keyboards for the same, and leave out what is invisible
    /// before them.
    ///
    /// Source: <https://owasp.org/www-community/attacks/CSV_Injection>
    private func guarded(_ text: String) -> String {
        let visible = text.unicodeScalars.first { $0.properties.generalCategory != .format }
        guard let first = text.unicodeScalars.first, let visible else { return text }
        let isFormula =
            "\t\r\n".unicodeScalars.contains(first)
            || "=+-@＝＋－＠".unicodeScalars.contains(visible)
        return isFormula ? "'" + text : text
    }

    private func quoted(_ text: String) -> String {
        let text = isForTerminal ? text.escapedForTerminal : text
        let special = text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
        guard special else { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { result += "\"" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}
