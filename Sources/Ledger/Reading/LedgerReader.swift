internal import Glibc
package import SQLite
internal import SystemCalls

/// A ledger opened for reading; it writes nothing and keeps no writer waiting.
package struct LedgerReader {
    /// The read-only connection, for queries of the caller's own.
    package let connection: Connection
    /// The ledger's file.
    package let path: String

    /// Opens the ledger at `path`, saying clearly what is wrong with it.
    package init(path: String, busyTimeoutMilliseconds: Int = 5000) throws(LedgerError) {
        self.path = path
        try LedgerFiles(path: path, isFallback: LedgerSettings.isFallback(path)).assertTrusted()
        let status: FileStatus
        do {
            status = try FileSystem.status(path)
        } catch {
            throw error.code == ENOENT || error.code == ENOTDIR
                ? .missing(path: path)
                : .unusable(path: path, reason: LedgerFiles(path: path).explain(error))
        }
        if status.isDirectory { throw .unusable(path: path, reason: "it is a directory") }
        try LedgerFiles(path: Path.resolved(path)).assertRegular()
        if status.size == 0 { throw .empty(path: path) }
        let identity: Migrator.Identity
        do throws(SQLiteError) {
            connection = try Connection(
                path: path, mode: .readOnly, busyTimeoutMilliseconds: busyTimeoutMilliseconds)
            try connection.enableDefensiveMode()
            try connection.disableCheckpointOnClose()
            try connection.execute(EmbeddedStatements.readerSettings)
            try connection.distrustSchema()
            identity = try Migrator.identity(of: connection)
        } catch {
            if error.isNotADatabase { throw .notALedger(path: path) }
            let files = LedgerFiles(path: Path.resolved(path))
            let needed = [files.path, files.writeAheadLog, files.sharedMemory]
            if let closed = needed.first(where: {
                FileSystem.exists($0) && !FileSystem.isReadable($0)
            }) {
                throw .unusable(
                    path: path,
                    reason:
                        "\(User.name(of: User.effectiveID)) may not read \(closed); ask to join the "
                        + "group of it, or read it as its owner")
            }
            let directory = Path.parent(of: files.path)
            if needed.contains(where: { !FileSystem.exists($0) }),
                !FileSystem.isWritable(directory)
            {
                // Source: <https://www.sqlite.org/wal.html#read_only_databases>
                throw .unusable(
                    path: path,
                    reason:
                        "-wal or -shm is missing beside it, and \(directory) takes no file; copy it to "
                        + "where they can be made")
            }
            throw LedgerError(error, path: path)
        }
        // A first run that was cut short leaves an empty database.
        if identity.applicationID == 0 && identity.version == 0 {
            let tables = try LedgerError.wrapping(path) { [connection] () throws(SQLiteError) in
                try connection.value(EmbeddedStatements.countObjects)
            }
            if tables == 0 { throw .empty(path: path) }
        }
        let isOurs = identity.applicationID == Migrator.applicationID
        if !isOurs || identity.version < Migrator.knownVersion {
            let mismatch = try LedgerError.wrapping(path) { [connection] () throws(SQLiteError) in
                try SchemaMismatch.words(identity, of: connection, path: path)
            }
            if let mismatch { throw .unusable(path: path, reason: mismatch) }
        }
        guard isOurs else { throw .notALedger(path: path) }
        let known = Migrator.knownVersion
        if identity.version > known {
            throw .newerSchema(path: path, found: identity.version, known: known)
        }
        if identity.version < known {
            throw .olderSchema(path: path, found: identity.version, known: known)
        }
    }

    /// The newest event.
    package func head() throws(LedgerError) -> Head {
        try reading { () throws(SQLiteError) in
            let row = try connection.prepare(EmbeddedStatements.head).rows().first
            return Head(seq: row?[0].integer ?? 0, hash: row?[1].blob ?? [])
        }
    }

    /// The highest ticket ever given out for a lock; nil when there was none.
    package func highestNumber(lock: String) throws(LedgerError) -> Int64? {
        try reading { () throws(SQLiteError) in
            try connection.value(EmbeddedStatements.highestNumber, .text(lock))?.integer
        }
    }

    /// When the newest event happened, wall clock in µs; nil for a ledger without events.
    package func newestEventAt() throws(LedgerError) -> Int64? {
        try reading { () throws(SQLiteError) in
            try connection.value(EmbeddedStatements.newestEvent)?.integer
        }
    }

    /// Which of the deployments from a number on was the first to get a lock since a time, wall
    /// clock in µs; nil when the ledger knows of none.
    package func nextHolder(
        lock: String, from number: Int64, sinceUs: Int64
    ) throws(LedgerError) -> Int64? {
        try reading { () throws(SQLiteError) in
            try connection.value(
                EmbeddedStatements.nextHolder, .text(lock), .integer(number), .integer(sinceUs))?
                .integer
        }
    }

    /// Whether the ledger has a deployment, and how it ended if it did.
    package func outcome(of deployment: EventID) throws(LedgerError) -> (isKnown: Bool, Outcome?) {
        try reading { () throws(SQLiteError) in
            let row = try connection.prepare(EmbeddedStatements.outcome)
                .rows(.text(deployment.description)).first
            return (row != nil, row?[0].text.flatMap { Outcome(rawValue: $0) })
        }
    }

    /// Addresses and attempts of the imported runs that came to be when this one did.
    package func runs(
        besides identity: ImportedRun.Identity
    ) throws(LedgerError) -> [(url: String, attempt: Int64)] {
        let ids = identity.idsOfItsTime
        return try reading { () throws(SQLiteError) in
            try connection.prepare(EmbeddedStatements.importedBetween)
                .rows(.text(ids.lowerBound.description), .text(ids.upperBound.description))
                .compactMap { row in row[0].text.map { ($0, row[1].integer ?? 1) } }
        }
    }

    /// All events of a deployment that this program understands, in their order.
    package func events(of deployment: EventID) throws(LedgerError) -> [Event] {
        try reading { () throws(SQLiteError) in
            try connection.prepare(EmbeddedStatements.eventsOfDeployment)
                .rows(.text(deployment.description))
                .compactMap { $0[0].text.flatMap { EventEnvelope(text: $0 + "\n")?.event } }
        }
    }

    /// How long deployments of a lock and tier usually take, from the newest 50 that succeeded;
    /// nil when there is none.
    package func usualDuration(
        lock: String, tier: String?
    ) throws(LedgerError) -> UsualDuration? {
        try reading { () throws(SQLiteError) in
            let durations = try connection.prepare(EmbeddedStatements.usualDuration)
                .rows(.text(lock), Value(tier)).compactMap { $0[0].integer }
            return UsualDuration(ascending: durations)
        }
    }

    /// Events behind a place in the chain as they are exported, see `EventEnvelope.text`, in order.
    ///
    /// - Parameter limit: how many at most; events are never changed, so one piece after the other
    ///   gives the same as all at once.
    package func records(
        after seq: Int64, limit: Int
    ) throws(LedgerError) -> (texts: [String], lastSeq: Int64?) {
        try reading { () throws(SQLiteError) in
            let rows = try connection.prepare(EmbeddedStatements.exportEvents)
                .rows(.integer(seq), .integer(Int64(limit)))
            let texts = rows.map { row in
                EventEnvelope.text(
                    record: row[1].text ?? "", detail: row[3].text, salt: row[2].blob)
            }
            return (texts, rows.last?[0].integer)
        }
    }

    func reading<Result>(
        _ body: () throws(SQLiteError) -> Result
    ) throws(LedgerError) -> Result {
        do throws(SQLiteError) {
            return try body()
        } catch {
            throw LedgerError(error, path: path)
        }
    }
}
