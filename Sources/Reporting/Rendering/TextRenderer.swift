import Wording

/// Aligned columns for people, on a terminal or in a file.
public struct TextRenderer: Sendable {
    /// The zone times are shown in.
    public let zone: Zone
    /// Whether the heading is set apart with an escape sequence.
    public let style: Style

    /// A renderer for people.
    public init(zone: Zone, style: Style = .plain) {
        self.zone = zone
        self.style = style
    }

    /// Heading and rows; columns are two blanks apart, numbers end below each other.
    public func render(_ table: Table) -> String {
        let cells = table.rows.map { row in
            zip(row, table.columns).map { cell, column in text(cell, column) }
        }
        let widths = table.columns.indices.map { index in
            cells.reduce(table.columns[index].title.columnWidth) {
                max($0, $1[index].columnWidth)
            }
        }
        let numeric = table.columns.indices.map { index in
            table.rows.contains { $0[index].isNumber }
        }
        let heading = line(table.columns.map(\.title), widths, numeric)
        return style.heading(heading) + "\n"
            + cells.map { line($0, widths, numeric) + "\n" }.joined()
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
