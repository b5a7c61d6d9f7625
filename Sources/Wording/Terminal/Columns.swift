/// Rows whose cells stand below each other.
package enum Columns {
    /// The width of each column, of a terminal.
    package static func widths(_ rows: [[String]]) -> [Int] {
        (rows.first ?? []).indices.map { index in
            rows.reduce(0) { max($0, $1[index].columnWidth) }
        }
    }

    /// Two blanks between columns, none at the end of a line.
    ///
    /// - Parameters:
    ///   - numeric: the columns whose cells end below each other.
    ///   - paint: gives a cell its colour, which takes no place; by row and column.
    package static func aligned(
        _ rows: [[String]], numeric: Set<Int> = [],
        paint: (_ row: Int, _ column: Int, _ cell: String) -> String = { $2 }
    ) -> [String] {
        let widths = widths(rows)
        return rows.enumerated().map { row, cells in
            var line = ""
            for (column, cell) in cells.enumerated() {
                let blanks = String(repeating: " ", count: widths[column] - cell.columnWidth)
                let shown = paint(row, column, cell)
                line += column == 0 ? "" : "  "
                line += numeric.contains(column) ? blanks + shown : shown + blanks
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
