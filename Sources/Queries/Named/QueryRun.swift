package import SQLite

/// A named query under way: rows come one at a time, so that a large result needs no memory.
package final class QueryRun {
    /// The query, its columns as declared or else as the statement names them.
    package let query: NamedQuery
    private let statement: Statement

    /// Starts a query with values for its parameters by name; what is left out is NULL.
    package init(
        _ query: NamedQuery, on connection: Connection, _ values: [String: Value]
    ) throws(ReportError) {
        do { statement = try connection.prepareOnly(query.sql) } catch {
            throw .database(query: query.name, error)
        }
        if query.columns.isEmpty {
            self.query = query.with(columns: statement.columnNames)
        } else {
            self.query = query
        }
        try checkHeader()
        for name in values.keys where !query.parameters.contains(where: { $0.name == name }) {
            throw .wrongParameters(query: query.name, problem: "it has no parameter \(name)")
        }
        for parameter in query.parameters {
            let value = values[parameter.name] ?? .null
            guard parameter.isOptional || value != .null else {
                throw .wrongParameters(
                    query: query.name, problem: "it requires a value for \(parameter.name)")
            }
            do { try statement.bind(value, name: ":" + parameter.name) } catch {
                throw .database(query: query.name, error)
            }
        }
    }

    /// The next row; nil when there is none.
    package func next() throws(ReportError) -> QueryRow? {
        do {
            return try statement.step() ? QueryRow(query: query, values: statement.row) : nil
        } catch {
            throw .database(query: query.name, error)
        }
    }

    /// Goes to the next row and reads nothing of it; for queries with very many rows.
    package func step() throws(ReportError) -> Bool {
        do { return try statement.step() } catch {
            throw .database(query: query.name, error)
        }
    }

    /// The whole number in a column of the row that `step` went to.
    package func integer(at column: Int) -> Int64? { statement.integer(at: column) }

    /// Lends the bytes of the text in a column of that row, nil for NULL.
    package func withText<Result>(
        at column: Int, _ body: (UnsafeRawBufferPointer?) -> Result
    ) -> Result {
        statement.withText(at: column) { body($0) } ?? body(nil)
    }

    /// All rows that are left.
    package func rest() throws(ReportError) -> [QueryRow] {
        var rows: [QueryRow] = []
        while let row = try next() { rows.append(row) }
        return rows
    }

    /// A header that lies would bind values to the wrong names, so it is checked every time.
    private func checkHeader() throws(ReportError) {
        let declared = Set(query.parameters.map { ":" + $0.name })
        let used = Set(statement.parameterNames)
        if declared != used {
            let names = declared.symmetricDifference(used).sorted().joined(separator: ", ")
            throw .headerDisagrees(query: query.name, problem: "parameters \(names)")
        }
        let columns = query.columns.map(\.name)
        if columns != statement.columnNames {
            throw .headerDisagrees(
                query: query.name,
                problem: "columns \(columns.joined(separator: ", ")) are declared, "
                    + "\(statement.columnNames.joined(separator: ", ")) are selected")
        }
    }
}

/// One row of a named query.
package struct QueryRow: Sendable {
    package let query: NamedQuery
    package let values: [Value]

    package init(query: NamedQuery, values: [Value]) {
        self.query = query
        self.values = values
    }

    /// The value of a column; NULL for a column the query does not have.
    package subscript(_ column: String) -> Value {
        guard let index = query.columns.firstIndex(where: { $0.name == column }) else {
            return .null
        }
        return values[index]
    }

    /// About how many bytes its values have.
    package var size: Int {
        values.reduce(0) { sum, value in
            switch value {
            case .text(let text): sum + text.utf8.count
            // Written as two digits a byte.
            case .blob(let bytes): sum + 2 * bytes.count
            case .null, .integer, .real: sum + 8
            }
        }
    }

    /// The whole number in a column.
    package func integer(_ column: String) -> Int64? { self[column].integer }

    /// The whole number in a column that counts something; 0 for NULL.
    package func count(_ column: String) -> Int64 { self[column].integer ?? 0 }

    /// The text in a column.
    package func text(_ column: String) -> String? { self[column].text }

    /// The moment in a column.
    package func time(_ column: String) -> Instant? {
        self[column].integer.map { Instant(microseconds: $0) }
    }
}
