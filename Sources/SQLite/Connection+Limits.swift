internal import CSQLite
internal import Glibc

extension Connection {
    /// Lets statements do nothing but read: no write, no `ATTACH`, no `VACUUM INTO`, no pragma that
    /// changes a setting, no function that reaches beyond the database.
    ///
    /// What is refused fails with `SQLITE_AUTH` when it is compiled. Only for connections that are
    /// opened read-only: declaring the columns of a table-valued function such as `json_each` counts
    /// as a change of the schema's table, so that has to pass here, and fails later.
    /// Source: <https://www.sqlite.org/c3ref/set_authorizer.html>
    package func allowOnlyReading() throws(SQLiteError) {
        let code = sqlite3_set_authorizer(
            handle,
            { _, action, first, second, _, _ in
                let isAllowed =
                    switch action {
                    case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: true
                    case SQLITE_UPDATE: ReadingOnly.has(first, in: ["sqlite_master"])
                    case SQLITE_FUNCTION: !ReadingOnly.has(second, in: ReadingOnly.deniedFunctions)
                    case SQLITE_PRAGMA: ReadingOnly.has(first, in: ReadingOnly.allowedPragmas)
                    default: false
                    }
                return isAllowed ? SQLITE_OK : SQLITE_DENY
            }, nil)
        guard code == SQLITE_OK else { throw SQLiteError(code: code, connection: handle) }
    }

    /// Ends every statement that still runs at that point of the monotonic clock, in microseconds,
    /// with `SQLITE_INTERRUPT`.
    ///
    /// Looked at after every few thousand instructions of SQLite's virtual machine.
    /// Source: <https://www.sqlite.org/c3ref/progress_handler.html>
    package func stopStatements(atMonotonicMicroseconds end: Int64) {
        // The time itself travels in the place of a pointer; nobody follows it.
        sqlite3_progress_handler(
            handle, 4000,
            { end in
                var now = timespec()
                clock_gettime(CLOCK_MONOTONIC, &now)
                let microseconds = Int(now.tv_sec) * 1_000_000 + Int(now.tv_nsec) / 1000
                return microseconds >= Int(bitPattern: end) ? 1 : 0
            }, UnsafeMutableRawPointer(bitPattern: Int(end)))
    }
}

/// What `allowOnlyReading` decides by name.
private enum ReadingOnly {
    /// Functions of the shell and of extensions that read or write files or load code.
    static let deniedFunctions = [
        "load_extension", "readfile", "writefile", "edit", "fts3_tokenizer",
    ]
    /// Pragmas that only tell; also as functions such as `pragma_table_info`.
    static let allowedPragmas = [
        "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo",
        "foreign_key_list", "function_list", "collation_list", "database_list", "compile_options",
    ]

    static func has(_ name: UnsafePointer<CChar>?, in names: [String]) -> Bool {
        guard let name else { return false }
        return names.contains(String(cString: name).lowercased())
    }
}
