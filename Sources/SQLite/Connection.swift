internal import CSQLite

/// How a database is opened.
package enum OpenMode: Hashable, Sendable {
    /// Reads only; the file must exist.
    case readOnly
    /// Reads and writes; the file must exist.
    case readWrite
    /// Reads and writes; the file is created when it is missing.
    case create
    /// A database of its own in memory, gone with the connection; the path is not used.
    case inMemory

    var flags: Int32 {
        switch self {
        case .readOnly: SQLITE_OPEN_READONLY
        case .readWrite: SQLITE_OPEN_READWRITE
        case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        case .inMemory: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY
        }
    }
}

/// One connection to a database, closed when nobody refers to it or its statements any more.
///
/// Not for use by several threads at once: SQLite's own mutexes are left out.
/// While a connection is open nothing in the same process may `open` and `close` the database file
/// itself: that drops the POSIX locks SQLite relies on.
/// Source: <https://www.sqlite.org/howtocorrupt.html>
package final class Connection {
    let handle: OpaquePointer
    /// The path it was opened with.
    package let path: String

    /// Opens the database at `path`.
    ///
    /// Opening reads nothing yet; a file that is no database is found out by the first statement.
    package init(
        path: String, mode: OpenMode, busyTimeoutMilliseconds: Int
    ) throws(SQLiteError) {
        _ = Self.librarySetUp
        var opened: OpaquePointer?
        let flags = mode.flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(mode == .inMemory ? ":memory:" : path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let error = SQLiteError(code: code, connection: opened)
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        self.path = path
        setBusyTimeout(milliseconds: busyTimeoutMilliseconds)
    }

    /// Sets the library up, once and before anything else asks it for something.
    ///
    /// Counting the memory it uses, which nobody reads, takes a mutex at every allocation.
    /// Source: <https://www.sqlite.org/c3ref/c_config_covering_index_scan.html>
    private static let librarySetUp: Void = {
        _ = deploy_ledger_count_no_memory()
        ReadFailures.watch()
    }()

    deinit {
        sqlite3_close_v2(handle)
    }

    /// How long a statement waits for locks of other connections before it fails as busy.
    package func setBusyTimeout(milliseconds: Int) {
        sqlite3_busy_timeout(handle, Int32(clamping: max(0, milliseconds)))
    }

    /// Runs one or many statements, ignoring the rows they give.
    package func execute(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else {
            throw SQLiteError(code: code, connection: handle, sql: sql)
        }
    }

    /// Compiles the first statement in `sql`.
    package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        try Statement(self, sql)
    }

    /// Compiles the only statement in `sql`; a second one behind it is an error.
    package func prepareOnly(_ sql: String) throws(SQLiteError) -> Statement {
        try Statement(self, sql, mustBeAlone: true)
    }

    /// Runs one statement and gives the first value of its first row; nil when there is no row.
    package func value(_ sql: String, _ values: Value...) throws(SQLiteError) -> Value? {
        let statement = try prepare(sql)
        try statement.bind(values)
        return try statement.step() ? statement.value(at: 0) : nil
    }

    /// The row id of what was inserted last on this connection.
    package var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Whether a transaction is open.
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }
}
