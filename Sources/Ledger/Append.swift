internal import SQLite
internal import SystemCalls

/// One append, from opening the ledger to closing it, under its claim.
struct Append {
    let files: LedgerFiles
    let spool: Spool
    let deadline: Deadline
    /// What is known of a ledger that was here before.
    let mark: LedgerMark

    /// Waiting events taken in one append at most; the rest waits for the next one.
    private static let mostDrained = 1000

    /// Appends; a damaged ledger is set aside and a new one takes its place.
    ///
    /// - Parameter entry: asked once the ledger is open; nil gives the append up.
    func run(_ entry: () -> Entry?) throws(LedgerError) -> RecordResult? {
        let quarantine = Quarantine(files: files, spool: spool)
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
        _ entry: () -> Entry?, because reason: String
    ) throws(LedgerError) -> RecordResult? {
        let quarantine = Quarantine(files: files, spool: spool)
        if let version = try quarantine.newerVersion {
            // A library too old for the schema calls it malformed.
            throw .newerSchema(path: files.path, found: version, known: Migrator.knownVersion)
        }
        guard let link = try quarantine.setAside(because: reason, wasLedger: mark != .none) else {
            throw .notALedger(path: files.path)
        }
        return try attempt(entry, link: link)
    }

    private func attempt(
        _ entry: () -> Entry?, link: EventLine? = nil
    ) throws(LedgerError) -> RecordResult? {
        let store = try Store(files, until: deadline)
        return try LedgerError.wrapping(files.path) { () throws(SQLiteError) in
            let statements = try Appender.Statements(store.connection)
            guard let entry = entry() else { return nil }
            let sweep = entry.sweep
            let dead = try sweep.map { sweep throws(SQLiteError) in
                try Closing.candidates(sweep, store.connection)
            }
            let leftovers = sweep?.leftovers()
            var refused: [EventLine] = []
            var beginning: LedgerBeginning?
            var drain = Drain(spool: spool, deadline: deadline, limit: Self.mostDrained)
            let (head, swept) = try store.connection.transaction(.immediate) {
                () throws(SQLiteError) in
                var appender = try Appender(store.connection, statements)
                let opening = LedgerOpening(
                    appender.head, link, mark: mark, isNew: store.isNew, spool)
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
                    swept = try Closing(store.connection, sweep, leftovers.lastAlive)
                        .close(
                            (dead.map(\.deployment) + silent).filter { !unheard.contains($0) },
                            &appender)
                }
                for line in entry.lines { _ = try appender.append(line) }
                try appender.finish()
                return (appender.head, swept)
            }
            drain.finish()
            spool.removeDrafts()
            // The next drain sets aside what the ledger refuses; nothing is thrown away.
            if refused.isEmpty || (try? spool.store(refused)) != nil { leftovers?.discard() }
            store.checkpointWhenLong()
            return .written(
                head: head, drained: drain.count, swept: swept, began: beginning)
        }
    }
}
