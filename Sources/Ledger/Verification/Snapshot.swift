internal import SQLite

extension LedgerReader {
    /// Somebody may commit between two connections; so often that is tried again.
    private static let mostAttempts = 1000

    /// Begins to read, and opens a second connection that sees the same state of the ledger, for
    /// another thread.
    ///
    /// SQLite can be built so that one connection takes over the snapshot of another; the usual builds
    /// are not. So the second begins between two looks of the first that find no commit of anybody
    /// else between them.
    /// Source: <https://www.sqlite.org/pragma.html#pragma_data_version>
    func beginTwice() throws(LedgerError) -> sending LedgerReader {
        try prepareToVerify()
        for _ in 0..<Self.mostAttempts {
            let other = try LedgerReader(path: path)
            try other.prepareToVerify()
            let before = try dataVersion()
            try other.begin()
            try begin()
            if try dataVersion() == before { return other }
            try reading { () throws(SQLiteError) in try connection.execute("ROLLBACK") }
        }
        throw .busy(path: path)
    }

    /// Begins a transaction, which sees from now on what there is now.
    func begin() throws(LedgerError) {
        try reading { () throws(SQLiteError) in
            try connection.execute("BEGIN DEFERRED")
            _ = try connection.value(EmbeddedStatements.head)
        }
    }

    private func prepareToVerify() throws(LedgerError) {
        try reading { () throws(SQLiteError) in
            try connection.execute(EmbeddedStatements.verifierSettings)
        }
    }

    private func dataVersion() throws(LedgerError) -> Value? {
        try reading { () throws(SQLiteError) in try connection.value("PRAGMA data_version") }
    }
}
