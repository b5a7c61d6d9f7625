import SQLite

extension LedgerReader {
    /// The events that began and ended freezes of a lock, oldest first.
    package func freezes(host: String, lock: String) throws(LedgerError) -> [Event] {
        try reading { () throws(SQLiteError) in
            try connection.prepare(EmbeddedStatements.freezes)
                .rows(.text(host), .text(lock))
                .compactMap { $0[0].text.flatMap { EventEnvelope(text: $0 + "\n")?.event } }
        }
    }
}
