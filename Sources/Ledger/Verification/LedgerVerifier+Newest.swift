internal import SQLite

extension LedgerVerifier {
    /// Checks schema and guards, and the chain of the newest events, for those who cannot wait for
    /// all of them.
    ///
    /// What was changed before them, and the table of deployments, only `verify` looks at.
    package func verify(newest count: Int64) throws(LedgerError) -> VerificationReport {
        let reader = try LedgerReader(path: settings.path)
        let connection = reader.connection
        var report = VerificationReport(head: try reader.head())
        try LedgerError.wrapping(settings.path) { () throws(SQLiteError) in
            try connection.transaction(.deferred) { () throws(SQLiteError) in
                try checkSchema(connection, &report)
                try checkBeginning(connection, &report)
                // Events may have been added since.
                let last = try connection.prepare(EmbeddedStatements.head).rows().first
                let start = max(0, (last?[0].integer ?? 0) - count)
                let hash =
                    start == 0
                    ? try connection.value("SELECT id FROM ledger")
                    : try connection.value(EmbeddedStatements.hashOfEvent, .integer(start))
                var chain = ChainCheck(after: Head(seq: start, hash: hash?.blob ?? []))
                let events = try connection.prepare(EmbeddedStatements.verifyNewest)
                try events.bind([.integer(start)])
                while try events.step() {
                    _ = chain.check(
                        seq: events.value(at: 0).integer ?? 0, record: events.bytes(at: 1),
                        hash: events.bytes(at: 2), salt: events.value(at: 3).blob,
                        detail: events.value(at: 4).text, &report)
                }
                chain.finish(&report)
            }
        }
        return report
    }
}
