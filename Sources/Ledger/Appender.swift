internal import SQLite

/// Appends events inside one open transaction.
struct Appender {
    /// What became of a line.
    enum Answer {
        /// It is the newest event now.
        case appended
        /// The ledger had it already.
        case known
        /// The ledger has a different event with the same id.
        case contradicted
    }

    private let find: Statement
    private let append: Statement
    private let appendDetail: Statement
    private(set) var head: Head

    /// Reads the head: only the transaction that appends knows it.
    init(_ connection: Connection) throws(SQLiteError) {
        find = try connection.prepare(EmbeddedStatements.findEvent)
        append = try connection.prepare(EmbeddedStatements.appendEvent)
        appendDetail = try connection.prepare(EmbeddedStatements.appendDetail)
        let row = try connection.prepare(EmbeddedStatements.head).rows().first
        guard let seq = row?[0].integer, let hash = row?[1].blob, hash.count == 32 else {
            throw SQLiteError(extendedCode: 11, message: "the ledger has lost its identity")
        }
        head = Head(seq: seq, hash: hash)
    }

    /// Appends one event unless the ledger has it.
    mutating func append(_ line: EventLine) throws(SQLiteError) -> Answer {
        if let known = try find.rows(.text(line.id.description)).first {
            return known[0].text == line.record ? .known : .contradicted
        }
        let next = Head(
            seq: head.seq + 1, hash: Chain.hash(after: head.hash, record: line.record.utf8))
        try append.run(.integer(next.seq), .text(line.record), .blob(next.hash))
        if let detail = line.detail, let salt = line.salt {
            try appendDetail.run(.integer(next.seq), .blob(salt), .text(detail))
        }
        head = next
        return .appended
    }
}
