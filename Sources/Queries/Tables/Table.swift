package import JSON

/// Rows and columns of a report, before any format.
package struct Table: Sendable {
    /// One column.
    package struct Column: Hashable, Sendable {
        /// The key in JSON and CSV: lower case, its unit in its name, such as `wait_seconds`.
        package let key: String
        /// The heading for people.
        package let title: String
        /// The most columns of a terminal it may take; nil for as many as it needs.
        package let widest: Int?

        /// Describes a column.
        package init(_ key: String, title: String, widest: Int? = nil) {
            self.key = key
            self.title = title
            self.widest = widest
        }
    }

    /// The columns in order.
    package let columns: [Column]
    /// The rows; each has one cell a column.
    package let rows: [[Cell]]

    /// Puts a table together.
    package init(columns: [Column], rows: [[Cell]]) {
        self.columns = columns
        self.rows = rows
    }

    /// The rows as JSON objects; a cell that holds nothing is left out.
    package var objects: [JSONValue] {
        rows.map { row in
            .object(zip(columns, row).flatMap { column, cell in cell.members(column.key) })
        }
    }

    /// The same without a column that has nothing to say in any row.
    package func withoutEmpty(_ key: String) -> Table {
        guard let position = columns.firstIndex(where: { $0.key == key }),
            rows.allSatisfy({ $0[position] == .none })
        else { return self }
        func rest<Item>(_ items: [Item]) -> [Item] {
            Array(items[..<position]) + items[(position + 1)...]
        }
        return Table(columns: rest(columns), rows: rows.map(rest))
    }
}
