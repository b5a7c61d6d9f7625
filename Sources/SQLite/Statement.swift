internal import CSQLite
internal import Glibc

/// One compiled statement; it keeps its connection open.
package final class Statement {
    private let connection: Connection
    private let handle: OpaquePointer

    /// The names of the columns of its rows, in order.
    package let columnNames: [String]

    init(
        _ connection: Connection, _ sql: String, mustBeAlone: Bool = false
    ) throws(SQLiteError) {
        var compiled: OpaquePointer?
        var isAlone = true
        let code = sql.withCString { start in
            var rest: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v2(connection.handle, start, -1, &compiled, &rest)
            guard mustBeAlone, code == SQLITE_OK, compiled != nil else { return code }
            // Blanks and comments compile to nothing; whatever does not is a second statement.
            var second: OpaquePointer?
            let answer = sqlite3_prepare_v2(connection.handle, rest, -1, &second, nil)
            isAlone = answer == SQLITE_OK && second == nil
            sqlite3_finalize(second)
            return code
        }
        guard code == SQLITE_OK else {
            throw SQLiteError(code: code, connection: connection.handle, sql: sql)
        }
        guard let compiled else {
            throw SQLiteError(
                extendedCode: SQLITE_MISUSE, message: "the text holds no statement", sql: sql)
        }
        guard isAlone else {
            sqlite3_finalize(compiled)
            throw SQLiteError(
                extendedCode: SQLITE_MISUSE, message: "the text holds more than one statement",
                sql: sql)
        }
        self.connection = connection
        handle = compiled
        columnNames = (0..<sqlite3_column_count(compiled)).map { index in
            sqlite3_column_name(compiled, index).map { String(cString: $0) } ?? ""
        }
    }

    deinit {
        sqlite3_finalize(handle)
    }

    /// The names of its parameters in order, with their sign (`:since`); empty for a bare `?`.
    package var parameterNames: [String] {
        (0..<sqlite3_bind_parameter_count(handle)).map { index in
            sqlite3_bind_parameter_name(handle, index + 1).map { String(cString: $0) } ?? ""
        }
    }

    /// Whether running it leaves the database as it is.
    package var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }

    /// Binds values to the parameters in order and starts over.
    package func bind(_ values: [Value]) throws(SQLiteError) {
        reset()
        sqlite3_clear_bindings(handle)
        for (index, value) in values.enumerated() { try bind(value, at: Int32(index) + 1) }
    }

    /// Binds one value to the parameter called `name`, sign included (`:since`).
    package func bind(_ value: Value, name: String) throws(SQLiteError) {
        let index = sqlite3_bind_parameter_index(handle, name)
        guard index > 0 else {
            throw SQLiteError(
                extendedCode: SQLITE_RANGE, message: "no parameter is called \(name)", sql: sql)
        }
        try bind(value, at: index)
    }

    /// Goes to the next row; false when there is none.
    package func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let error = SQLiteError(code: code, connection: connection.handle, sql: sql)
            reset()
            throw error
        }
    }

    /// Ends the run so that its locks go away; the bound values stay.
    package func reset() {
        sqlite3_reset(handle)
    }

    /// Runs it once with these values, for statements that give no rows.
    package func run(_ values: Value...) throws(SQLiteError) { try run(binding: values) }

    /// The same with an array of values.
    package func run(binding values: [Value]) throws(SQLiteError) {
        try bind(values)
        while try step() {}
        reset()
    }

    /// All rows with these values bound.
    package func rows(_ values: Value...) throws(SQLiteError) -> [[Value]] {
        try rows(binding: values)
    }

    /// All rows with these values bound.
    package func rows(binding values: [Value]) throws(SQLiteError) -> [[Value]] {
        try bind(values)
        var result: [[Value]] = []
        while try step() { result.append(row) }
        reset()
        return result
    }

    /// All values of the current row.
    package var row: [Value] { columnNames.indices.map { value(at: $0) } }

    /// One value of the current row; the first column is 0.
    package func value(at column: Int) -> Value {
        let column = Int32(column)
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, column))
        case SQLITE_TEXT: return .text(String(decoding: bytes(at: column), as: UTF8.self))
        case SQLITE_BLOB: return .blob(bytes(at: column))
        default: return .null
        }
    }

    /// The whole number in a column of the current row; nil for anything else.
    package func integer(at column: Int) -> Int64? {
        let column = Int32(column)
        guard sqlite3_column_type(handle, column) == SQLITE_INTEGER else { return nil }
        return sqlite3_column_int64(handle, column)
    }

    /// The text in a column of the current row; nil for anything else.
    package func text(at column: Int) -> String? {
        guard sqlite3_column_type(handle, Int32(column)) == SQLITE_TEXT else { return nil }
        return withBytes(at: column) { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of a blob in a column of the current row; nil for anything else.
    package func blob(at column: Int) -> [UInt8]? {
        guard sqlite3_column_type(handle, Int32(column)) == SQLITE_BLOB else { return nil }
        return bytes(at: column)
    }

    /// Hands on the bytes of the text in a column without copying them; nil for anything else.
    package func withText<Result>(
        at column: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        let column = Int32(column)
        guard sqlite3_column_type(handle, column) == SQLITE_TEXT else { return nil }
        let start = sqlite3_column_blob(handle, column)
        let count = Int(sqlite3_column_bytes(handle, column))
        return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    /// The text or blob of the current row as the bytes that are stored, valid UTF-8 or not.
    package func bytes(at column: Int) -> [UInt8] { bytes(at: Int32(column)) }

    /// Lends the bytes of a text or blob of the current row without copying them.
    ///
    /// Source: <https://www.sqlite.org/c3ref/column_blob.html>: they stay where they are until the
    /// next step.
    package func withBytes<Result>(
        at column: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let start = sqlite3_column_blob(handle, Int32(column))
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    private func bytes(at column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    private var sql: String { String(cString: sqlite3_sql(handle)) }

    private func bind(_ value: Value, at index: Int32) throws(SQLiteError) {
        // SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let code =
            switch value {
            case .null: sqlite3_bind_null(handle, index)
            case .integer(let value): sqlite3_bind_int64(handle, index, value)
            case .real(let value): sqlite3_bind_double(handle, index, value)
            case .text(let value):
                value.withCString { text in
                    // Told that it ends with a zero, SQLite's functions need no copy that does.
                    let count = value.utf8.count
                    let ends = strlen(text) == count
                    return sqlite3_bind_text(
                        handle, index, text, ends ? -1 : Int32(count), transient)
                }
            case .blob(let value) where value.isEmpty: sqlite3_bind_zeroblob(handle, index, 0)
            case .blob(let value):
                sqlite3_bind_blob(handle, index, value, Int32(value.count), transient)
            }
        guard code == SQLITE_OK else {
            throw SQLiteError(code: code, connection: connection.handle, sql: sql)
        }
    }
}
