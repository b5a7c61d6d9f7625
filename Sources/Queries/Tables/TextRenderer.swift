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

    /// The same on a terminal with so many columns: commands are cut to make a table fit, and one
    /// that is wider all the same is written row by row.
    package func render(_ table: Table, fittingColumns columns: Int) -> String {
        let widths = widths(self.cells(table), table)
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
        let cells = cells(table)
        let widths = widths(cells, table)
        let numeric = table.columns.indices.map { index in
            table.rows.contains { $0[index].isNumber }
        }
        let heading = line(table.columns.map(\.title), widths, numeric)
        return style.heading(heading) + "\n"
            + cells.map { line($0, widths, numeric) + "\n" }.joined()
    }

    private func cells(_ table: Table) -> [[String]] {
        table.rows.map { row in zip(row, table.columns).map { cell, column in text(cell, column) } }
    }

    private func widths(_ cells: [[String]], _ table: Table) -> [Int] {
        table.columns.indices.map { index in
            cells.reduce(table.columns[index].title.columnWidth) {
                max($0, $1[index].columnWidth)
            }
        }
    }

    private func text(_ cell: Cell, _ column: Table.Column) -> String {
        let text = cell.text(in: zone).escapedForTerminal
        return column.widest.map { text.shortened(toColumns: $0) } ?? text
    }

    private func line(_ cells: [String], _ widths: [Int], _ numeric: [Bool]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let blanks = String(repeating: " ", count: widths[index] - cell.columnWidth)
            if index > 0 { line += "  " }
            line += numeric[index] ? blanks + cell : cell + blanks
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
