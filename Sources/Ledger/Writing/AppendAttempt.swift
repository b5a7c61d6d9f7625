internal import SQLite
internal import SystemCalls

/// One append, from opening the ledger to closing it, under its claim.
struct AppendAttempt {
    let files: LedgerFiles
    let spool: Spool
    let deadline: Deadline
    /// What is known of a ledger that was here before.
    let mark: LedgerMark
    /// What a log that is of another ledger was set aside as.
    private var foreignLog: String?
    /// Whether another ledger in this place is taken for the one that is meant.
    private var acceptsOther = false

    init(files: LedgerFiles, spool: Spool, deadline: Deadline, mark: LedgerMark) {
        self.files = files
        self.spool = spool
        self.deadline = deadline
        self.mark = mark
    }

    /// Waiting events taken in one append at most; the rest waits for the next one.
    private static let mostDrained = 1000

    private var quarantine: Quarantine { Quarantine(files: files, spool: spool, mark: mark) }

    /// Appends; a damaged ledger is set aside and a new one takes its place.
    ///
    /// - Parameter entry: asked once the ledger is open; nil gives the append up.
    mutating func run(_ entry: () -> AppendBatch?) throws(LedgerError) -> RecordResult? {
        do throws(LedgerError) {
            return try runOnce(entry)
        } catch {
            guard case .replaced = error else { throw error }
        }
        do throws(SystemError) {
            foreignLog = try quarantine.setForeignLogAside()
        } catch {
            throw .unusable(path: files.path, reason: "setting a log aside: \(error)")
        }
        acceptsOther = foreignLog == nil
        return try runOnce(entry)
    }

    private func runOnce(_ entry: () -> AppendBatch?) throws(LedgerError) -> RecordResult? {
        let hasStrayLog: Bool
        do throws(SystemError) {
            hasStrayLog = try quarantine.hasStrayLog
        } catch {
            throw .unusable(path: files.path, reason: error.description)
        }
        if hasStrayLog {
            return try restart(entry, because: "its database file is gone or empty")
        }
        do throws(LedgerError) {
            return try attempt(entry)
        } catch {
            guard case .corrupt = error else { throw error }
        }
        // What can be read the second time, or proves to be sound, stays where it is.
        do throws(LedgerError) {
            return try attempt(entry)
        } catch {
            guard case .corrupt(_, let reason) = error else { throw error }
            guard try quarantine.isDamaged(until: deadline) else {
                throw .unusable(
                    path: files.path,
                    reason: "\(reason); but a check of all its pages found it sound")
            }
            return try restart(entry, because: reason)
        }
    }

    private func restart(
        _ entry: () -> AppendBatch?, because reason: String
    ) throws(LedgerError) -> RecordResult? {
        if let version = try quarantine.newerVersion {
            // A library too old for the schema calls it malformed.
            throw .newerSchema(path: files.path, found: version, known: Migrator.knownVersion)
        }
        guard let link = try quarantine.setAside(because: reason, wasLedger: mark.wasLedger) else {
            throw .notALedger(path: files.path)
        }
        return try attempt(entry, link: link)
    }

    private func attempt(
        _ entry: () -> AppendBatch?, link: EventEnvelope? = nil
    ) throws(LedgerError) -> RecordResult? {
        let store = try LedgerDatabase(files, until: deadline)
        var isReplaced = false
        let result = try LedgerError.wrapping(files.path) {
            () throws(SQLiteError) -> RecordResult? in
            let statements = try AppendStatements(store.connection)
            guard let entry = entry() else { return nil }
            let sweep = entry.sweep
            let dead = try sweep.map { sweep throws(SQLiteError) in
                try SweepCloser.candidates(sweep, store.connection)
            }
            let leftovers = sweep?.leftovers()
            var refused: [EventEnvelope] = []
            var beginning: LedgerBeginning?
            var drain = Drain(spool: spool, deadline: deadline, limit: Self.mostDrained)
            let done = try store.connection.transaction(.immediate) {
                () throws(SQLiteError) -> (Head, [UInt8], [SweptDeployment])? in
                var appender = try EventAppender(store.connection, statements)
                let loss = try LedgerLoss(
                    mark, appender.head, identity: appender.identity, store.connection)
                if loss?.kind == .other, !acceptsOther {
                    isReplaced = true
                    return nil
                }
                let opening =
                    loss.map { LedgerOpening($0, quarantine.keep($0, foreignLog), files.path) }
                    ?? LedgerOpening(appender.head, link, mark: mark, isNew: store.isNew, spool)
                beginning = opening?.told
                if let link = opening?.link { _ = try appender.append(link) }
                try drain.run(&appender)
                for line in leftovers?.pending ?? [] {
                    switch try appender.offer(line) {
                    case .appended, .known: break
                    case .contradicted, .refused: refused.append(line)
                    }
                }
                var swept: [SweptDeployment] = []
                // What is still in the spool may be what a dead process had to say.
                if let sweep, let dead, let leftovers, drain.isComplete {
                    // A wrapper may die before any of its events has reached the ledger.
                    let silent = leftovers.pending.compactMap(\.deployment)
                    let unheard = drain.unheard + leftovers.unheard
                    try appender.flush()
                    swept = try SweepCloser(store.connection, sweep, leftovers.lastAlive)
                        .close(
                            (dead.map(\.deployment) + silent).filter { !unheard.contains($0) },
                            &appender)
                }
                for line in entry.lines { _ = try appender.append(line) }
                try appender.finish()
                return (appender.head, appender.identity, swept)
            }
            guard let (head, identity, swept) = done else { return nil }
            // While nobody else can write.
            LedgerMark(head, identity: identity).write(to: files)
            drain.finish()
            spool.removeDrafts()
            // The next drain sets aside what the ledger refuses; nothing is thrown away.
            if refused.isEmpty || (try? spool.store(refused)) != nil { leftovers?.discard() }
            store.checkpointWhenLong()
            return .written(
                head: head, drained: drain.count, swept: swept, began: beginning)
        }
        if isReplaced { throw .replaced(path: files.path) }
        return result
    }
}
