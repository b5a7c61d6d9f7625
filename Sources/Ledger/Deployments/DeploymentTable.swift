internal import SQLite

/// The table of deployments, as one transaction that appends events changes it.
///
/// Rows are folded in memory and written by `flush`, so that several events of a deployment cost one
/// change of its indexes.
struct DeploymentTable {
    private let statements: DeploymentStatements
    private var changes = ChangedRows()
    /// The summaries of deployments that have changed.
    private var outdated: Set<Int64> = []

    /// Rows kept in memory at most.
    private static let mostKept = 4096

    init(_ statements: DeploymentStatements) { self.statements = statements }

    /// Whether it is time to write them.
    var isFull: Bool { changes.count >= Self.mostKept }

    /// Takes an event that was appended into account; nothing is written yet.
    mutating func apply(_ event: Event, seq: Int64) throws(SQLiteError) {
        guard let id = DeploymentRow.subject(of: event) else { return }
        if changes[id] == nil {
            let written = try statements.covers.row(of: id)
            changes.append(written: written, row: written ?? DeploymentRow(id, firstEvent: event))
        }
        changes.update(id) { $0.row.apply(event, seq: seq) }
    }

    /// Writes the rows that have changed, and what follows from them for others.
    mutating func flush() throws(SQLiteError) {
        for id in changes.ids { try settle(id) }
        changes.removeAll()
        if outdated.isEmpty { return }
        // The summary of deployments that go on is rewritten at the next occasion.
        for block in outdated { try statements.forgetBlock().run(.integer(block)) }
        outdated.removeAll(keepingCapacity: true)
    }

    /// Writes one row.
    ///
    /// - Returns: the row as the table has it now.
    private mutating func write(
        _ row: DeploymentRow, over written: DeploymentRow?
    ) throws(SQLiteError) -> DeploymentRow {
        var row = row
        let identity = row.identity
        guard let written else {
            try statements.insert().run(binding: identity + row.progress)
            row.n = statements.connection.lastInsertedRow
            return row
        }
        if written.identity == identity {
            // Indexes of what it is are left alone.
            try statements.update()
                .run(binding: [.integer(written.n)] + row.progress)
        } else {
            try statements.rewrite()
                .run(binding: [.integer(written.n)] + identity + row.progress)
        }
        outdate(written.n)
        return row
    }

    private mutating func outdate(_ n: Int64?) {
        guard let n else { return }
        outdated.insert((n - 1) / DeploymentSummaries.size)
    }
}

// What a row means for the deliveries of commits.
extension DeploymentTable {
    private mutating func settle(_ id: EventID) throws(SQLiteError) {
        guard let change = changes[id] else { return }
        let (was, covers) = (change.written, statements.covers)
        var row = change.row
        let chain = try covers.end(of: row)
        row.delivery.coverOutcome = chain?.outcome
        let takesBack = was.map { row.takesBackSuccess(of: $0) } ?? false
        let startsOver = takesBack || was.map { row.isOtherRequest(than: $0) } ?? false
        var first: DeploymentRow?
        if startsOver {
            row.delivery.forgetCommit()
        } else if let commit = row.commit {
            first = row.delivery.isFirstRequest ? nil : try firstRequest(for: commit)
            row.takePlace(before: first, row.success ?? chain?.success)
        }
        row = try write(row, over: was)
        changes.update(id) { $0 = ChangedRows.Change(written: row, row: row) }

        if startsOver {
            for commit in Set([was?.commit, row.commit].compactMap(\.self)) {
                try startOver(commit)
            }
        } else if var first {
            if row.delivery.isFirstRequest {
                first.delivery.forgetCommit()
                try store(first)
            } else if let success = row.success ?? chain?.success {
                try note(success, by: first)
            }
        }
        if was.map(row.decidesOtherwise(than:)) ?? (row.outcome != nil) {
            try passOn(
                chain ?? CoverChain.End(outcome: row.outcome, success: row.success), of: id,
                takesBack: takesBack)
        }
    }

    /// Tells those that stepped aside for a deployment what became of them, and those that stepped
    /// aside for these: a chain may be as long as a file of events makes it.
    private mutating func passOn(
        _ end: CoverChain.End, of id: EventID, takesBack: Bool
    ) throws(SQLiteError) {
        var (seen, open): (Set<EventID>, [EventID]) = ([id], [id])
        while let next = open.popLast() {
            for var row in try statements.covers.rows(
                of: statements.covered(), .text(next.description))
            where seen.insert(row.id).inserted {
                // They, and all that stepped aside for them, have heard of it.
                if row.delivery.coverOutcome == end.outcome, !takesBack { continue }
                if row.delivery.coverOutcome != end.outcome {
                    row.delivery.coverOutcome = end.outcome
                    try store(row)
                }
                if let commit = row.commit {
                    if takesBack {
                        try startOver(commit)
                    } else if let success = end.success, let first = try firstRequest(for: commit) {
                        try note(success, by: first)
                    }
                }
                open.append(row.id)
            }
        }
    }

    private func firstRequest(
        for commit: DeploymentRow.Commit
    ) throws(SQLiteError) -> DeploymentRow? {
        try statements.covers.rows(
            of: statements.firstRequest(), .text(commit.sha), .text(commit.lock)
        )
        .first
    }

    /// Takes note, with the first request, of a success that delivered its commit.
    private mutating func note(
        _ success: Delivery.Success, by first: DeploymentRow
    ) throws(SQLiteError) {
        var first = first
        let before = first.delivery
        first.delivery.note(success, place: first.n)
        if first.delivery == before { return }
        // Each of them is now a repetition, or no longer one.
        outdate(before.by)
        outdate(first.delivery.by)
        try store(first)
    }

    /// Recomputes which request for a commit was the first, and when it was delivered.
    private mutating func startOver(_ commit: DeploymentRow.Commit) throws(SQLiteError) {
        let rows = try statements.covers.rows(
            of: statements.ofCommit(), .text(commit.sha), .text(commit.lock))
        let first = try statements.covers.first(of: rows)
        for var row in rows {
            let before = row.delivery
            row.delivery.forgetCommit()
            if let first, first.place == row.n { row.delivery.take(commitOf: first.delivery) }
            // Whether it is a repetition may have changed.
            outdate(row.n)
            if row.delivery != before { try store(row) }
        }
    }

    /// Writes what became of the commit of a deployment that is in the table.
    private mutating func store(_ row: DeploymentRow) throws(SQLiteError) {
        try statements.delivery().run(binding: [.integer(row.n)] + row.delivery.values)
        outdate(row.n)
        // It may be waiting to be written itself.
        changes.update(row.id) { change in
            change.row.delivery = row.delivery
            change.written?.delivery = row.delivery
        }
    }
}

/// What the table runs.
struct DeploymentStatements {
    fileprivate let connection: Connection
    /// Its statement is compiled before the transaction begins.
    fileprivate let covers: CoverChain
    // Compiled when they are needed: a deployment's first transaction only inserts, its last one only
    // updates.
    fileprivate let insert: LazyStatement
    fileprivate let update: LazyStatement
    fileprivate let rewrite: LazyStatement
    fileprivate let delivery: LazyStatement
    fileprivate let firstRequest: LazyStatement
    fileprivate let ofCommit: LazyStatement
    fileprivate let covered: LazyStatement
    fileprivate let forgetBlock: LazyStatement

    init(_ connection: Connection) throws(SQLiteError) {
        self.connection = connection
        covers = CoverChain(try connection.prepare(EmbeddedStatements.deploymentRow))
        insert = LazyStatement(connection, EmbeddedStatements.deploymentInsert)
        update = LazyStatement(connection, EmbeddedStatements.deploymentUpdate)
        rewrite = LazyStatement(connection, EmbeddedStatements.deploymentRewrite)
        delivery = LazyStatement(connection, EmbeddedStatements.deploymentDelivery)
        firstRequest = LazyStatement(connection, EmbeddedStatements.deploymentFirstRequest)
        ofCommit = LazyStatement(connection, EmbeddedStatements.deploymentsOfCommit)
        covered = LazyStatement(connection, EmbeddedStatements.deploymentsCovered)
        forgetBlock = LazyStatement(connection, EmbeddedStatements.forgetBlock)
    }
}
