import Wording

/// Aligned columns for people, on a terminal or in a file.
package struct TextRenderer: Sendable {
    /// The zone times are shown in.
    package let zone: Zone
    /// Whether the heading is set apart with an escape sequence.
    package let style: Style

    /// A renderer for people.
    package init(zone: Zone, style: Style = .plain) {
        self.zone = zone
        self.style = style
    }

    /// The same on a terminal that wide: commands are cut to make a table fit, and one that is wider
    /// all the same is written row by row.
    package func render(_ table: Table, fittingColumns columns: Int) -> String {
        let widths = Columns.widths(cells(table))
        var excess = widths.reduce(2 * (widths.count - 1), +) - columns
        guard excess > 0 else { return render(table) }
        var narrowed = table.columns
        for index in narrowed.indices where excess > 0 {
            let isCommand = table.rows.contains {
                if case .words = $0[index] { true } else { false }
            }
            let width = max(Self.narrowestCommand, widths[index] - excess)
            guard isCommand, width < widths[index] else { continue }
            let column = narrowed[index]
            narrowed[index] = Table.Column(column.key, title: column.title, widest: width)
            excess -= widths[index] - width
        }
        return excess > 0
            ? renderVertically(table) : render(Table(columns: narrowed, rows: table.rows))
    }

    /// A block of lines for each row, a column and its value in each; what holds nothing is left out.
    package func renderVertically(_ table: Table) -> String {
        let width = table.columns.map(\.title.columnWidth).max() ?? 0
        return table.rows.map { row in
            zip(table.columns, row).filter { $0.1 != .none }.map { column, cell in
                let blanks = String(repeating: " ", count: width - column.title.columnWidth)
                let value = cell.text(in: zone).escapedForTerminal
                return "\(style.heading(column.title))\(blanks)  \(value)\n"
            }.joined()
        }.joined(separator: "\n")
    }

    /// A command cut shorter says too little.
    private static let narrowestCommand = 20

    /// Heading and rows; columns are two blanks apart, numbers end below each other.
    package func render(_ table: Table) -> String {
        let numeric = table.columns.indices.filter { index in
            table.rows.contains { $0[index].isNumber }
        }
        let lines = Columns.aligned(cells(table), numeric: Set(numeric))
        return ([style.heading(lines[0])] + lines.dropFirst()).map { $0 + "\n" }.joined()
    }

    /// Headings, then rows.
    private func cells(_ table: Table) -> [[String]] {
        [table.columns.map(\.title)]
            + table.rows.map { row in zip(row, table.columns).map { text($0, $1) } }
    }

    private func text(_ cell: Cell, _ column: Table.Column) -> String {
        let text = cell.text(in: zone).escapedForTerminal
        return column.widest.map { text.shortened(toColumns: $0) } ?? text
    }
}
