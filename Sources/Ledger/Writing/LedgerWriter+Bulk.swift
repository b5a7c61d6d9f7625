internal import SQLite
internal import SystemCalls

/// What became of events that were added in bulk.
package struct BulkResult: Sendable {
    /// Why an event could not be added.
    package enum Problem: Hashable, Sendable {
        /// The ledger has a different event with the same id.
        case contradicted
        /// The ledger cannot hold it.
        case refused
    }

    /// How many events were added.
    package var appended = 0
    /// How many the ledger had already.
    package var known = 0
    /// The newest event afterwards.
    package var head: Head
    /// What is wrong with the event behind those that were added or known.
    package var problem: Problem?
    /// That the ledger began with them.
    package var began: LedgerBeginning?

    /// How many events are dealt with.
    package var count: Int { appended + known }
}

extension LedgerWriter {
    /// How long others may have to wait for one piece of a bulk, in ms; well within the half second
    /// a deployment waits before it takes to its spool.
    private static let bulkMilliseconds = 100
    /// How long a bulk waits for others, in ms.
    private static let patienceMilliseconds = 30_000

    /// Appends as many events as a tenth of a second allows, at least one, in one commit.
    ///
    /// Unlike `record` it spools nothing: who adds events in bulk still has them. Call it again with
    /// what is left, after others have had their turn.
    package func append(bulk lines: ArraySlice<EventLine>) throws(LedgerError) -> BulkResult {
        try files.assertTrusted()
        try files.assertRegular()
        let patience = Deadline(milliseconds: Self.patienceMilliseconds)
        let claim = try hold(nil, until: patience)
        try assertNoStrayLog()
        let store = try Store(files, until: patience)
        let end = Deadline(milliseconds: Self.bulkMilliseconds)
        var loss: LedgerLoss?
        var identity: [UInt8] = []
        let result = try LedgerError.wrapping(files.path) { () throws(SQLiteError) in
            let result = try store.connection.transaction(.immediate) {
                () throws(SQLiteError) in
                var appender = try Appender(store.connection)
                loss = try LedgerLoss(
                    claim.mark, appender.head, identity: appender.identity, store.connection)
                if loss != nil { return BulkResult(head: appender.head) }
                let opening = LedgerOpening(
                    appender.head, nil, mark: claim.mark, isNew: store.isNew, spool)
                if let link = opening?.link { _ = try appender.append(link) }
                var result = BulkResult(head: appender.head)
                result.began = opening?.told
                for line in lines {
                    switch try appender.offer(line) {
                    case .appended: result.appended += 1
                    case .known: result.known += 1
                    case .contradicted: result.problem = .contradicted
                    case .refused: result.problem = .refused
                    }
                    if result.problem != nil || end.remainingMicroseconds <= 0 { break }
                }
                try appender.finish()
                result.head = appender.head
                identity = appender.identity
                return result
            }
            store.checkpointWhenLong()
            return result
        }
        if let loss {
            throw .unusable(
                path: files.path, reason: "\(loss.words); the next deployment takes note of that")
        }
        LedgerMark(result.head, identity: identity).write(to: files)
        _ = consume claim
        return result
    }

    /// A log without its database would be deleted; an append sets it aside.
    private func assertNoStrayLog() throws(LedgerError) {
        do throws(SystemError) {
            guard try Quarantine(files: files, spool: spool, mark: .none).hasStrayLog else {
                return
            }
        } catch {
            throw .unusable(path: files.path, reason: error.description)
        }
        throw .unusable(
            path: files.path,
            reason: "its database file is gone or empty, and a log is left; the next deployment "
                + "sets that aside")
    }
}
