import SQLite

extension LedgerReader {
    /// The newest deployment of a lock that had it and ended, other than this one; nil when there is
    /// none.
    package func lastEnd(
        host: String, lock: String, besides deployment: EventID
    ) throws(LedgerError) -> (number: Int64?, outcome: Outcome)? {
        try reading { () throws(SQLiteError) in
            let rows = try connection.prepare(EmbeddedStatements.lastEnd)
                .rows(.text(host), .text(lock), .text(deployment.description))
            guard let row = rows.first, let outcome = row[1].text.flatMap(Outcome.init(rawValue:))
            else { return nil }
            return (row[0].integer, outcome)
        }
    }
}
