internal import SQLite

/// The table of deployments, as one transaction that appends events changes it.
///
/// Rows are folded in memory and written by `flush`, so that several events of a deployment cost one
/// change of its indexes.
struct DeploymentTable {
    private struct Change {
        /// As the table has it; nil when it has none.
        var written: DeploymentRow?
        var row: DeploymentRow
    }

    private let statements: DeploymentStatements
    private var changes: [EventID: Change] = [:]
    /// Those with changes, in the order of their first event.
    private var changed: [EventID] = []

    /// Rows kept in memory at most.
    private static let mostKept = 4096

    init(_ statements: DeploymentStatements) { self.statements = statements }

    /// Whether it is time to write them.
    var isFull: Bool { changes.count >= Self.mostKept }

    /// Takes an event that was appended into account; nothing is written yet.
    mutating func apply(_ event: Event, seq: Int64) throws(SQLiteError) {
        guard let id = DeploymentRow.subject(of: event) else { return }
        if changes[id] == nil {
            let written = try row(of: id)
            changes[id] = Change(
                written: written, row: written ?? DeploymentRow(id, firstEvent: event))
            changed.append(id)
        }
        changes[id]?.row.apply(event, seq: seq)
    }

    /// Writes the rows that have changed.
    mutating func flush() throws(SQLiteError) {
        var outdated: Set<Int64> = []
        for id in changed {
            guard let change = changes[id] else { continue }
            try write(change)
            if let n = change.written?.n { outdated.insert((n - 1) / DeploymentSummaries.size) }
        }
        changes.removeAll(keepingCapacity: true)
        changed.removeAll(keepingCapacity: true)
        if outdated.isEmpty { return }
        // The summary of deployments that go on is written anew at the next occasion.
        for block in outdated { try statements.forgetBlock().run(.integer(block)) }
    }

    private func row(of id: EventID) throws(SQLiteError) -> DeploymentRow? {
        let find = statements.find
        try find.bind([.text(id.description)])
        defer { find.reset() }
        return try find.step() ? DeploymentRow(find) : nil
    }

    private func write(_ change: Change) throws(SQLiteError) {
        let identity = change.row.identity
        guard let written = change.written else {
            try statements.insert().run(binding: identity + change.row.progress)
            return
        }
        if written.identity == identity {
            // Indexes of what it is are left alone.
            try statements.update()
                .run(binding: [.integer(written.n)] + change.row.progress)
        } else {
            try statements.rewrite()
                .run(binding: [.integer(written.n)] + identity + change.row.progress)
        }
    }
}

/// What the table runs.
struct DeploymentStatements {
    /// Compiled before the transaction begins.
    fileprivate let find: Statement
    // Compiled when they are needed: a deployment's first transaction only inserts, its last one only
    // updates.
    fileprivate let insert: LazyStatement
    fileprivate let update: LazyStatement
    fileprivate let rewrite: LazyStatement
    fileprivate let forgetBlock: LazyStatement

    init(_ connection: Connection) throws(SQLiteError) {
        find = try connection.prepare(EmbeddedStatements.deploymentRow)
        insert = LazyStatement(connection, EmbeddedStatements.deploymentInsert)
        update = LazyStatement(connection, EmbeddedStatements.deploymentUpdate)
        rewrite = LazyStatement(connection, EmbeddedStatements.deploymentRewrite)
        forgetBlock = LazyStatement(connection, EmbeddedStatements.forgetBlock)
    }
}
