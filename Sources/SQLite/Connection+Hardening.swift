internal import CSQLite

extension Connection {
    /// Refuses what an ordinary application never needs: edits of the schema table, switching the
    /// journal off, strings in double quotes.
    ///
    /// Source: <https://www.sqlite.org/c3ref/c_dbconfig_defensive.html>
    package func enableDefensiveMode() throws(SQLiteError) {
        try configure(SQLITE_DBCONFIG_DEFENSIVE, 1)
        try configure(SQLITE_DBCONFIG_DQS_DML, 0)
        try configure(SQLITE_DBCONFIG_DQS_DDL, 0)
    }

    /// Keeps what a manipulated schema calls from having side effects, where the library can.
    ///
    /// Before 3.41 SQLite took its own JSON functions for unsafe, so that no generated column
    /// could use them.
    /// Source: <https://www.sqlite.org/pragma.html#pragma_trusted_schema>
    package func distrustSchema() throws(SQLiteError) {
        if sqlite3_libversion_number() >= 3_041_000 { try execute("PRAGMA trusted_schema = OFF") }
    }

    /// Leaves the write-ahead log as it is when the last connection closes.
    ///
    /// A checkpoint at every close would cost two more waits for the disk.
    package func disableCheckpointOnClose() throws(SQLiteError) {
        try configure(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    }

    /// Keeps the `-wal` and `-shm` files when the last connection closes, so that users who may
    /// only read can open the database.
    package func keepWriteAheadLog() throws(SQLiteError) {
        var on: Int32 = 1
        let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &on)
        guard code == SQLITE_OK else { throw SQLiteError(code: code, connection: nil) }
    }

    /// Lowers what a hostile file or value can make SQLite do.
    ///
    /// - Parameter length: the longest text, blob or row in bytes.
    package func setLimits(length: Int, attachedDatabases: Int = 0, triggerDepth: Int = 10) {
        sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Int32(clamping: length))
        sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, Int32(clamping: attachedDatabases))
        sqlite3_limit(handle, SQLITE_LIMIT_TRIGGER_DEPTH, Int32(clamping: triggerDepth))
    }

    /// Lets SQLite have at most so much memory in this whole process, in bytes: what needs more
    /// fails with `SQLITE_NOMEM`.
    ///
    /// Source: <https://www.sqlite.org/c3ref/hard_heap_limit64.html>
    package static func limitMemory(to bytes: Int) {
        sqlite3_hard_heap_limit64(Int64(bytes))
    }

    /// Moves the write-ahead log into the database and empties it if nobody reads it just now.
    ///
    /// - Returns: whether the log is empty now.
    package func checkpointAndTruncate() throws(SQLiteError) -> Bool {
        var frames: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(
            handle, "main", SQLITE_CHECKPOINT_TRUNCATE, &frames, nil)
        if code == SQLITE_OK { return true }
        let error = SQLiteError(code: code, connection: handle)
        if error.isBusy { return false }
        throw error
    }

    private func configure(_ option: Int32, _ value: Int32) throws(SQLiteError) {
        var now: Int32 = -1
        let code = deploy_ledger_db_config(handle, option, value, &now)
        guard code == SQLITE_OK, now == value else {
            throw SQLiteError(
                extendedCode: code == SQLITE_OK ? SQLITE_ERROR : code,
                message: "this SQLite library refuses configuration option \(option)")
        }
    }
}
