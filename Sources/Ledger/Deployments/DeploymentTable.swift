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

    private let connection: Connection
    private let find: Statement
    // Compiled when they are needed: a deployment's first transaction only inserts, its last one only
    // updates.
    private var insert: Statement?
    private var update: Statement?
    private var rewrite: Statement?
    private var changes: [UUIDv7: Change] = [:]
    /// Those with changes, in the order of their first event.
    private var changed: [UUIDv7] = []

    /// Rows kept in memory at most.
    private static let mostKept = 4096

    init(_ connection: Connection, _ find: Statement) {
        self.connection = connection
        self.find = find
    }

    /// Takes an event that was appended into account; nothing is written yet.
    mutating func apply(_ event: Event, seq: Int64) throws(SQLiteError) {
        guard let id = DeploymentRow.subject(of: event) else { return }
        if changes[id] == nil {
            if changes.count >= Self.mostKept { try flush() }
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
            if let n = change.written?.n { outdated.insert((n - 1) / DeploymentBlocks.size) }
        }
        changes = [:]
        changed = []
        if outdated.isEmpty { return }
        // The summary of deployments that go on is written anew at the next occasion.
        let forget = try connection.prepare(EmbeddedStatements.forgetBlock)
        for block in outdated { try forget.run(.integer(block)) }
    }

    private func row(of id: UUIDv7) throws(SQLiteError) -> DeploymentRow? {
        try find.bind([.text(id.description)])
        defer { find.reset() }
        return try find.step() ? DeploymentRow(find) : nil
    }

    private mutating func write(_ change: Change) throws(SQLiteError) {
        let identity = change.row.identity
        guard let written = change.written else {
            if insert == nil {
                insert = try connection.prepare(EmbeddedStatements.deploymentInsert)
            }
            try insert?.run(binding: identity + change.row.progress)
            return
        }
        if written.identity == identity {
            // Indexes of what it is are left alone.
            if update == nil {
                update = try connection.prepare(EmbeddedStatements.deploymentUpdate)
            }
            try update?.run(binding: [.integer(written.n)] + change.row.progress)
        } else {
            if rewrite == nil {
                rewrite = try connection.prepare(EmbeddedStatements.deploymentRewrite)
            }
            try rewrite?.run(binding: [.integer(written.n)] + identity + change.row.progress)
        }
    }
}
