public import JSONOutput

/// Rows and columns of a report, before any format.
public struct Table: Sendable {
    /// One column.
    public struct Column: Hashable, Sendable {
        /// The key in JSON and CSV: lower case, its unit in its name, such as `wait_seconds`.
        public let key: String
        /// The heading for people.
        public let title: String
        /// The most columns of a terminal it may take; nil for as many as it needs.
        public let widest: Int?

        /// Describes a column.
        public init(_ key: String, title: String, widest: Int? = nil) {
            self.key = key
            self.title = title
            self.widest = widest
        }
    }

    /// The columns in order.
    public let columns: [Column]
    /// The rows; each has one cell a column.
    public let rows: [[Cell]]

    /// Puts a table together.
    public init(columns: [Column], rows: [[Cell]]) {
        self.columns = columns
        self.rows = rows
    }

    /// The rows as JSON objects; a cell that holds nothing is left out.
    public var objects: [JSONValue] {
        rows.map { row in
            .object(zip(columns, row).flatMap { column, cell in cell.members(column.key) })
        }
    }

    /// The same without a column that has nothing to say in any row.
    public func withoutEmpty(_ key: String) -> Table {
        guard let position = columns.firstIndex(where: { $0.key == key }),
            rows.allSatisfy({ $0[position] == .none })
        else { return self }
        func rest<Item>(_ items: [Item]) -> [Item] {
            Array(items[..<position]) + items[(position + 1)...]
        }
        return Table(columns: rest(columns), rows: rows.map(rest))
    }
}
