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
    /// Appends events in one commit, as `BulkWriter` does.
    package func append(bulk lines: ArraySlice<EventEnvelope>) throws(LedgerError) -> BulkResult {
        var bulk = BulkWriter(self)
        defer { bulk.finish() }
        return try bulk.append(lines)
    }
}

/// Appends many events from elsewhere, in pieces that leave room for deployments.
///
/// What is opened stays open from one piece to the next, so that SQLite keeps what it has read; the
/// right to write is taken again for each.
package struct BulkWriter {
    /// A ledger that is open.
    private struct Ledger {
        let store: LedgerDatabase
        let statements: AppendStatements
        /// The file that was opened; another one may have come in its place since.
        let identity: FileStatus.Identity
    }

    private let writer: LedgerWriter
    private var open: Ledger?

    /// How long others may have to wait for one piece, in ms; well within the half second a
    /// deployment waits before it takes to its spool.
    private static let milliseconds = 100
    /// What others get between two turns, in µs.
    package static let pause: Int64 = 2000
    /// How long a piece waits for others, in ms.
    private static let patienceMilliseconds = 30_000
    /// Bytes after which the write-ahead log is emptied.
    ///
    /// A deployment that appends meanwhile empties it itself, and whoever opens the ledger first
    /// after all of this was killed has to read it: either takes some hundredths of a second.
    private static let longestLog = 16 << 20

    /// Appends what `writer` would.
    package init(_ writer: LedgerWriter) { self.writer = writer }

    /// Appends as many events as a tenth of a second allows, at least one, in one commit.
    ///
    /// Unlike `LedgerWriter.record` it spools nothing: who adds events in bulk still has them. Call it
    /// again with what is left, after others have had their turn.
    package mutating func append(_ lines: ArraySlice<EventEnvelope>) throws(LedgerError)
        -> BulkResult
    {
        let files = writer.files
        checkpoint(whenLongerThan: Self.longestLog)
        try files.assertTrusted()
        try files.assertRegular()
        let patience = Deadline(milliseconds: Self.patienceMilliseconds)
        let claim = try writer.hold(nil, until: patience)
        try writer.assertNoStrayLog()
        let ledger = try opened(until: patience)
        // Whatever goes wrong, the next piece starts over.
        open = nil
        let end = Deadline(milliseconds: Self.milliseconds)
        var loss: LedgerLoss?
        var identity: [UInt8] = []
        let result = try LedgerError.wrapping(files.path) { () throws(SQLiteError) in
            let connection = ledger.store.connection
            let result = try connection.transaction(.immediate) { () throws(SQLiteError) in
                var appender = try EventAppender(connection, ledger.statements)
                loss = try LedgerLoss(
                    claim.mark, appender.head, identity: appender.identity, connection)
                if loss != nil { return BulkResult(head: appender.head) }
                let opening = LedgerOpening(
                    appender.head, nil, mark: claim.mark, isNew: ledger.store.isNew, writer.spool)
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
            return result
        }
        if let loss {
            throw .unusable(
                path: files.path, reason: "\(loss.words); the next deployment takes note of that")
        }
        LedgerMark(result.head, identity: identity).write(to: files)
        open = ledger
        _ = consume claim
        return result
    }

    /// Empties the write-ahead log and closes the ledger; call it behind the last piece.
    package mutating func finish() {
        checkpoint(whenLongerThan: LedgerDatabase.longestLog)
        open = nil
    }

    /// Empties a log that has grown long, with the right to write for that alone: others wait either
    /// for a piece or for this.
    private func checkpoint(whenLongerThan longest: Int) {
        guard let open, open.store.logSize > longest,
            let claim = try? writer.hold(
                nil, until: Deadline(milliseconds: Self.patienceMilliseconds))
        else { return }
        if open.identity == identityNow { open.store.checkpoint() }
        _ = consume claim
        _ = try? Poll.readable([], until: Clock.monotonicMicroseconds() + Self.pause)
    }

    /// What is open, if it is still in its place; call it with the right to write.
    private func opened(until patience: Deadline) throws(LedgerError) -> Ledger {
        if let open, open.identity == identityNow {
            open.store.connection.setBusyTimeout(milliseconds: patience.remainingMilliseconds)
            return open
        }
        let store = try LedgerDatabase(writer.files, until: patience)
        let statements = try LedgerError.wrapping(writer.files.path) { () throws(SQLiteError) in
            try store.connection.execute(EmbeddedStatements.bulkSettings)
            return try AppendStatements(store.connection)
        }
        guard let identity = identityNow else {
            throw .unusable(path: writer.files.path, reason: "its file is gone")
        }
        return Ledger(store: store, statements: statements, identity: identity)
    }

    private var identityNow: FileStatus.Identity? {
        (try? FileSystem.status(writer.files.path))?.identity
    }
}

extension LedgerWriter {
    /// A log without its database would be deleted; an append sets it aside.
    fileprivate func assertNoStrayLog() throws(LedgerError) {
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
