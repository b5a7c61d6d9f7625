internal import SQLite

/// Appends events inside one open transaction.
struct EventAppender {
    /// What became of a line.
    enum Answer {
        /// It is the newest event now.
        case appended
        /// The ledger had it already.
        case known
        /// The ledger has a different event with the same id.
        case contradicted
        /// The ledger cannot hold it, now or later.
        case refused
    }

    private let connection: Connection
    private let statements: AppendStatements
    private var deployments: DeploymentTable
    private(set) var head: Head
    /// The ledger's random id.
    let identity: [UInt8]
    /// The place of the newest event when this began.
    private let start: Int64

    /// After this many events the summaries are looked after.
    private static let occasion: Int64 = 256

    /// Reads the head: only the transaction that appends knows it.
    init(_ connection: Connection, _ statements: AppendStatements) throws(SQLiteError) {
        self.connection = connection
        self.statements = statements
        deployments = DeploymentTable(statements.deployments)
        let row = try statements.head.rows().first
        // No chain gets as far as that; the next place could not be written.
        guard let seq = row?[0].integer, 0..<Chain.longest ~= seq, let hash = row?[1].blob,
            hash.count == 32, let identity = row?[2].blob, identity.count == 32
        else { throw SQLiteError(extendedCode: 11, message: "the ledger has lost its identity") }
        self.identity = identity
        head = Head(seq: seq, hash: hash)
        start = seq
    }

    /// The same with statements of its own.
    init(_ connection: Connection) throws(SQLiteError) {
        try self.init(connection, AppendStatements(connection))
    }

    /// Appends one event unless the ledger has it.
    mutating func append(_ line: EventEnvelope) throws(SQLiteError) -> Answer {
        if deployments.isFull { try flush() }
        let next = Head(
            seq: head.seq + 1, hash: Chain.hash(after: head.hash, record: line.record.utf8))
        do throws(SQLiteError) {
            try statements.append.run(.integer(next.seq), .text(line.record), .blob(next.hash))
        } catch {
            // The guard has seen the id.
            guard error.isConstraint, let known = try recall(line) else { throw error }
            return known
        }
        if let detail = line.detail, let salt = line.salt {
            try statements.appendDetail.run(.integer(next.seq), .blob(salt), .text(detail))
        }
        try deployments.apply(line.event, seq: next.seq)
        head = next
        return .appended
    }

    /// What the ledger has with the id of an event; nil when it has nothing.
    private func recall(_ line: EventEnvelope) throws(SQLiteError) -> Answer? {
        let found = try statements.find().rows(.text(line.id.description)).first
        // What is told a second time about the same thing may have another time in it.
        return found.map { $0[0].text == line.record || line.id.isDerived ? .known : .contradicted }
    }

    /// Writes what follows from the events appended so far, for whoever reads the deployments.
    mutating func flush() throws(SQLiteError) { try deployments.flush() }

    /// Ends the appending: call it at the end of the transaction.
    mutating func finish() throws(SQLiteError) {
        try flush()
        // Nothing depends on the summaries, so whatever goes wrong is left for another time.
        guard head.seq / Self.occasion != start / Self.occasion else { return }
        try? DeploymentSummaries(connection).write()
    }

    /// Appends one event that comes from elsewhere; what the ledger refuses leaves nothing behind,
    /// so that the others need not wait for it.
    mutating func offer(_ line: EventEnvelope) throws(SQLiteError) -> Answer {
        // One statement alone leaves nothing behind when it fails.
        let isInParts = line.detail != nil
        if isInParts { try statements.savepoint().run() }
        do throws(SQLiteError) {
            let answer = try append(line)
            if isInParts { try statements.release().run() }
            return answer
        } catch {
            if error.isOfTheEnvironment || !connection.isInTransaction { throw error }
            if isInParts {
                try statements.rollBack().run()
                try statements.release().run()
            }
            return .refused
        }
    }
}
