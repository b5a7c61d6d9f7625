internal import SQLite

/// That a ledger is not what was noted of it after its last commit: events at its end are gone, or
/// another ledger stands in its place.
struct LedgerLoss {
    /// What happened.
    enum Kind: Hashable {
        /// The events behind this one are missing: the log was damaged or cut off, or an older backup
        /// was brought back.
        case end(after: Int64)
        /// It is another ledger, or one that took another way.
        case other
    }

    let kind: Kind
    /// The newest event there was.
    let newest: Head
    /// The ledger it was in.
    let identity: [UInt8]

    /// Nil when the ledger has what was noted, or says itself that it has not: whoever recorded the loss
    /// may have been killed before the note was written.
    ///
    /// - Parameters:
    ///   - head: its newest event.
    ///   - identity: its random id.
    init?(
        _ mark: LedgerMark, _ head: Head, identity: [UInt8], _ connection: Connection
    ) throws(SQLiteError) {
        guard let newest = mark.newest, let noted = mark.identity, newest != head,
            // A ledger that has just been made is not the one that is gone.
            head.seq > 0 || identity == noted
        else { return nil }
        self.newest = newest
        self.identity = noted
        if try Self.isRecorded(newest, of: noted, connection) { return nil }
        if identity != noted {
            kind = .other
        } else if newest.seq > head.seq {
            kind = .end(after: head.seq)
        } else {
            let found = try connection.value(EmbeddedStatements.hashOfEvent, .integer(newest.seq))
            if found?.blob == newest.hash { return nil }
            kind = .other
        }
    }

    private static func isRecorded(
        _ newest: Head, of ledger: [UInt8], _ connection: Connection
    ) throws(SQLiteError) -> Bool {
        let text = Hexadecimal.encode(ledger)
        return try connection.prepare(EmbeddedStatements.beginnings).rows().contains { row in
            guard let event = row[1].text.flatMap({ Event(record: Array($0.utf8)) }) else {
                return false
            }
            return event.previousLedger == text && event.previousHead == newest.description
        }
    }

    /// What is wrong, for people.
    var words: String {
        switch kind {
        case .end(let last):
            "it ended with event \(newest.seq) and now ends with event \(last)"
        case .other:
            "it is not the ledger that was here before, which ended with event \(newest.seq)"
        }
    }
}
