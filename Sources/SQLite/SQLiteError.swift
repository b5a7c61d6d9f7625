internal import CSQLite

/// What SQLite answered when it could not do what it was asked.
package struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The extended result code, such as 2067 for `SQLITE_CONSTRAINT_UNIQUE`.
    ///
    /// Source: <https://www.sqlite.org/rescode.html>
    package let extendedCode: Int32
    /// SQLite's own words.
    package let message: String
    /// The statement, without the values bound to it, which may be secret.
    package let sql: String?

    /// Describes a failure.
    package init(extendedCode: Int32, message: String, sql: String? = nil) {
        self.extendedCode = extendedCode
        self.message = message
        self.sql = sql
    }

    /// The class of the error, such as 19 for `SQLITE_CONSTRAINT`.
    package var primaryCode: Int32 { extendedCode & 0xff }

    /// Whether somebody else holds a lock that was needed.
    package var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }
    /// Whether the file is damaged or no database at all.
    package var isCorrupt: Bool { primaryCode == SQLITE_CORRUPT || isNotADatabase }
    /// Whether the file is no database at all.
    package var isNotADatabase: Bool { primaryCode == SQLITE_NOTADB }
    /// Whether a constraint or a trigger refused the change.
    package var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }
    /// Whether it is about the file, the disk or other processes, so that the same statement with
    /// the same values may well succeed another time.
    package var isOfTheEnvironment: Bool {
        switch primaryCode {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOMEM,
            SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_INTERRUPT, SQLITE_NOTADB, SQLITE_PROTOCOL:
            true
        default: false
        }
    }
    /// Whether the time for it was up, see `Connection.stopStatements`.
    package var isInterrupted: Bool { primaryCode == SQLITE_INTERRUPT }
    /// Whether it would have done more than the connection allows, see
    /// `Connection.allowOnlyReading`.
    package var isNotAllowed: Bool {
        primaryCode == SQLITE_AUTH || primaryCode == SQLITE_READONLY
    }
    /// Whether the file could not be opened.
    package var isCannotOpen: Bool { primaryCode == SQLITE_CANTOPEN }

    /// SQLite's words, the code, and how the statement begins.
    package var description: String {
        let words = (sql ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let statement = words.count > 100 ? words.prefix(100) + "…" : words[...]
        return "\(message) (SQLite error \(extendedCode))"
            + (statement.isEmpty ? "" : " in: \(statement)")
    }

    /// A page that the system could not read.
    init(unreadable reason: String, sql: String? = nil) {
        self.init(
            extendedCode: SQLITE_IOERR | 1 << 8, message: "disk I/O error: \(reason)", sql: sql)
    }

    init(code: Int32, connection: OpaquePointer?, sql: String? = nil) {
        let primary = (connection.map { sqlite3_extended_errcode($0) } ?? code) & 0xff
        let isOfTheFile = [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR].contains(primary)
        if let failure = ReadFailures.take(), isOfTheFile {
            self.init(unreadable: failure, sql: sql)
            return
        }
        let text = connection.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
        self.init(
            extendedCode: connection.map { sqlite3_extended_errcode($0) } ?? code,
            message: text.map { String(cString: $0) } ?? "unknown error", sql: sql)
    }
}
