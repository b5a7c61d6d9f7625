import SQLite

extension LedgerReader {
    /// How far back a freeze is looked for, in events.
    private static let farthest: Int64 = 200_000

    /// The events that began and ended freezes of a lock, oldest first.
    package func freezes(host: String, lock: String) throws(LedgerError) -> [Event] {
        try reading { () throws(SQLiteError) in
            try connection.prepare(EmbeddedStatements.freezes)
                .rows(.text(host), .text(lock), .integer(Self.farthest))
                .compactMap { $0[0].text.flatMap { EventEnvelope(text: $0 + "\n")?.event } }
        }
    }
}
