internal import SQLite

/// The newest deployment of a lock that a rollback can go back to.
package struct LastGood: Hashable, Sendable {
    /// Its id.
    package let id: EventID
    /// Its ticket.
    package let number: Int64?
    /// Its commit.
    package let sha: String?
    /// The branch or tag of that.
    package let ref: String?
    /// Which kind of deployment it was.
    package let tier: String?
    /// When it ended, wall clock in µs.
    package let endedAtUs: Int64?
}

extension LedgerReader {
    /// The newest deployment of a lock that succeeded and, if it had a check, passed it; nil when
    /// there is none.
    ///
    /// What a rollback put back makes no deployment good.
    ///
    /// - Parameter tier: only those of it; nil for all.
    package func lastGood(
        host: String, lock: String, tier: String?
    ) throws(LedgerError) -> LastGood? {
        try reading { () throws(SQLiteError) in
            let row = try connection.prepare(EmbeddedStatements.lastGood)
                .rows(.text(lock), .text(host), Value(tier)).first
            guard let row, let id = row[0].text.flatMap({ EventID($0) }) else { return nil }
            return LastGood(
                id: id, number: row[1].integer, sha: row[2].text, ref: row[3].text,
                tier: row[4].text, endedAtUs: row[5].integer)
        }
    }
}
