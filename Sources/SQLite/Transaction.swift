/// When a transaction takes its locks.
package enum TransactionKind: String, Sendable {
    /// At the first statement that needs them: right for reading.
    case deferred = "BEGIN DEFERRED"
    /// The write lock at once: nothing read inside can be outdated at the commit.
    case immediate = "BEGIN IMMEDIATE"
}

extension Connection {
    /// Runs `body` inside a transaction: committed when it returns, rolled back when it throws.
    package func transaction<Result>(
        _ kind: TransactionKind, _ body: () throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        let identity = { (error: SQLiteError) -> SQLiteError in error }
        return try transaction(kind, wrapping: identity, body)
    }

    /// Runs `body`, which has errors of its own, inside a transaction.
    ///
    /// - Parameter wrapping: makes such an error of what SQLite says to `BEGIN` and `COMMIT`.
    package func transaction<Result, Failure: Error>(
        _ kind: TransactionKind, wrapping: (SQLiteError) -> Failure,
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try run(kind.rawValue, wrapping)
        do {
            let result = try body()
            try run("COMMIT", wrapping)
            return result
        } catch {
            // A full disk or an I/O error has rolled it back already.
            if isInTransaction { try? execute("ROLLBACK") }
            throw error
        }
    }

    private func run<Failure: Error>(
        _ sql: String, _ wrapping: (SQLiteError) -> Failure
    ) throws(Failure) {
        do { try execute(sql) } catch { throw wrapping(error) }
    }
}
