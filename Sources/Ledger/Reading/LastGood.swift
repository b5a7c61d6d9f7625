internal import SQLite

/// The newest deployment of a lock that a rollback can go back to.
package struct LastGood: Hashable, Sendable {
    /// Which one.
    package let id: EventID
    package let number: Int64?
    /// What it deployed.
    package let sha: String?
    package let ref: String?
    package let tier: String?
    /// When it ended, in UTC µs.
    package let endedAtUs: Int64?
}

extension LedgerReader {
    /// The newest deployment that succeeded and, if it had a check, passed it; nil when there is none.
    ///
    /// - Parameter tier: leaves out those of other tiers; nil takes all.
    package func lastGood(
        host: String, lock: String, tier: String?
    ) throws(LedgerError) -> LastGood? {
        try reading { () throws(SQLiteError) in
            try connection.prepare(EmbeddedStatements.lastGood)
                .rows(.text(host), .text(lock), Value(tier)).first
                .flatMap { row in
                    guard let id = row[0].text.flatMap({ EventID($0) }) else { return nil }
                    return LastGood(
                        id: id, number: row[1].integer, sha: row[2].text, ref: row[3].text,
                        tier: row[4].text, endedAtUs: row[5].integer)
                }
        }
    }
}
