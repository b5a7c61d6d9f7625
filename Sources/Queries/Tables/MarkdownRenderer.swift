import Wording

/// Tables of GitHub-flavoured Markdown, for people.
package struct MarkdownRenderer: Sendable {
    /// The zone times are shown in.
    package let zone: Zone

    /// A renderer of Markdown.
    package init(zone: Zone) {
        self.zone = zone
    }

    /// Heading and rows; columns of numbers end below each other.
    package func render(_ table: Table) -> String {
        let numeric = table.columns.indices.map { index in
            table.rows.contains { $0[index].isNumber }
        }
        return heading(table.columns, numeric: numeric) + table.rows.map { line($0) }.joined()
    }

    /// The heading and the line below it.
    package func heading(_ columns: [Table.Column], numeric: [Bool]) -> String {
        let rules = numeric.map { $0 ? "---:" : "---" }
        return row(columns.map { MarkdownText.escaped($0.title) }) + row(rules)
    }

    /// One row.
    package func line(_ cells: [Cell]) -> String {
        row(cells.map { MarkdownText.escaped($0.text(in: zone)) })
    }

    private func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
}
