import SQLite

extension LedgerReader {
    /// The deployments that have a lock of this host as far as the ledger knows, oldest first.
    package func holders(host: String, lock: String) throws(LedgerError) -> [SweepCandidate] {
        try reading { () throws(SQLiteError) in
            try connection.prepare(EmbeddedStatements.holders).rows(.text(host), .text(lock))
                .compactMap(SweepCandidate.init(row:))
        }
    }

    /// The deployments in flight that a sweep would find dead now.
    package func dead(_ sweep: Sweep) throws(LedgerError) -> [SweepCandidate] {
        try reading { () throws(SQLiteError) in try SweepCloser.candidates(sweep, connection) }
    }
}
