internal import SQLite
internal import SystemCalls

/// One append, from opening the ledger to closing it, under its claim.
struct Append {
    let files: LedgerFiles
    let spool: Spool
    let deadline: Deadline
    /// Whether the path has held a ledger of ours before.
    let wasLedger: Bool

    /// Waiting events taken in one append at most; the rest waits for the next one.
    private static let mostDrained = 1000

    /// Appends; a damaged ledger is set aside and a new one takes its place.
    func run(_ lines: [EventLine], sweep: Sweep?) throws(LedgerError) -> RecordResult {
        let quarantine = Quarantine(files: files, spool: spool)
        if quarantine.hasStrayLog {
            return try restart(lines, sweep: sweep, because: "its database file is gone or empty")
        }
        do throws(LedgerError) {
            return try attempt(lines, sweep: sweep)
        } catch {
            guard case .corrupt(_, let reason) = error else { throw error }
            return try restart(lines, sweep: sweep, because: reason)
        }
    }

    private func restart(
        _ lines: [EventLine], sweep: Sweep?, because reason: String
    ) throws(LedgerError) -> RecordResult {
        let quarantine = Quarantine(files: files, spool: spool)
        if let version = quarantine.newerVersion {
            // A library too old for the schema calls it malformed.
            throw .newerSchema(path: files.path, found: version, known: Migrator.knownVersion)
        }
        let link: EventLine?
        do throws(SystemError) {
            link = try quarantine.setAside(because: reason, wasLedger: wasLedger)
        } catch {
            throw .unusable(path: files.path, reason: "\(reason); setting it aside: \(error)")
        }
        guard let link else { throw .notALedger(path: files.path) }
        return try attempt([link] + lines, sweep: sweep, startsAnew: true)
    }

    private func attempt(
        _ lines: [EventLine], sweep: Sweep?, startsAnew: Bool = false
    ) throws(LedgerError) -> RecordResult {
        let store = try Store(files, until: deadline)
        return try LedgerError.wrapping(files.path) { () throws(SQLiteError) in
            let dead = try sweep.map { sweep throws(SQLiteError) in
                try Closing.candidates(sweep, store.connection)
            }
            let leftovers = sweep?.leftovers()
            var rest = lines[...]
            var refused: [EventLine] = []
            var drain = Drain(spool: spool, deadline: deadline, limit: Self.mostDrained)
            let (head, swept) = try store.connection.transaction(.immediate) {
                () throws(SQLiteError) in
                var appender = try Appender(store.connection)
                if startsAnew { _ = try appender.append(rest.removeFirst()) }
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
                    let unheard = drain.unheard.union(leftovers.unheard)
                    swept = try Closing(store.connection, sweep, leftovers.lastAlive)
                        .close(
                            (dead.map(\.deployment) + silent).filter { !unheard.contains($0) },
                            &appender)
                }
                for line in rest { _ = try appender.append(line) }
                appender.summarise()
                return (appender.head, swept)
            }
            drain.finish()
            // The next drain sets aside what the ledger refuses; nothing is thrown away.
            if refused.isEmpty || (try? spool.store(refused)) != nil { leftovers?.discard() }
            store.checkpointWhenLong()
            return .written(head: head, drained: drain.count, swept: swept)
        }
    }
}
