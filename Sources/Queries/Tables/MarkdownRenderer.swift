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
    ///
    /// - Parameter links: addresses that cells lead to, row by row.
    package func render(_ table: Table, links: [[String?]]? = nil) -> String {
        let numeric = table.columns.indices.map { index in
            table.rows.contains { $0[index].isNumber }
        }
        let rows = table.rows.enumerated().map { place, cells in
            links.map { row(linked(cells, $0[place])) } ?? line(cells)
        }
        return heading(table.columns, numeric: numeric) + rows.joined()
    }

    private func linked(_ cells: [Cell], _ links: [String?]) -> [String] {
        zip(cells, links).map { cell, link in
            let text = MarkdownText.escaped(cell.text(in: zone))
            return link.map { "[\(text)](\(MarkdownText.address($0)))" } ?? text
        }
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
