internal import SQLite
internal import SystemCalls

/// A ledger opened for writing by whoever holds its claim.
struct LedgerDatabase {
    let connection: Connection
    let files: LedgerFiles
    /// Whether nothing was there before.
    private(set) var isNew = false

    /// Bytes after which the write-ahead log is emptied.
    ///
    /// The first connection of all has to read the whole log, so a long one slows every append
    /// down; emptying it waits for the disk three more times.
    static let longestLog = 100 * 4096

    /// The longest row in bytes: whatever a spool file holds, and what is derived from it.
    private static let longestRow = 2 * EventEnvelope.longest + (1 << 20)

    /// Opens, checks and, where needed, creates or migrates the ledger.
    init(_ files: LedgerFiles, until deadline: Deadline) throws(LedgerError) {
        self.files = files
        let path = files.path
        do throws(SystemError) {
            try files.createDirectory()
            try files.createDatabase()
            files.share()
        } catch {
            throw .unusable(path: path, reason: files.explain(error))
        }
        connection = try LedgerError.wrapping(path) { () throws(SQLiteError) in
            let connection = try Connection(
                path: path, mode: .readWrite,
                busyTimeoutMilliseconds: deadline.remainingMilliseconds)
            try connection.enableDefensiveMode()
            try connection.keepWriteAheadLog()
            try connection.disableCheckpointOnClose()
            connection.setLimits(length: Self.longestRow)
            try connection.execute(EmbeddedStatements.settings)
            try connection.distrustSchema()
            return connection
        }
        try identify()
        try assertSettings()
        connection.setBusyTimeout(milliseconds: deadline.remainingMilliseconds)
    }

    /// Makes sure it is a ledger with the schema of this program.
    private mutating func identify() throws(LedgerError) {
        let path = files.path
        let known = Migrator.knownVersion
        let identity = try LedgerError.wrapping(path) { () throws(SQLiteError) in
            try Migrator.identity(of: connection)
        }
        let isOurs = identity.applicationID == Migrator.applicationID
        if isOurs && identity.version == known { return }
        if identity.version > known && isOurs {
            throw .newerSchema(path: path, found: identity.version, known: known)
        }
        let tables = try LedgerError.wrapping(path) { () throws(SQLiteError) in
            try connection.value(EmbeddedStatements.countObjects)?.integer
        }
        // A first run that was cut short leaves no tables and no mark.
        isNew = identity.applicationID == 0 && identity.version == 0 && tables == 0
        if !isNew {
            let mismatch = try LedgerError.wrapping(path) { () throws(SQLiteError) in
                try SchemaMismatch.words(identity, of: connection, path: path)
            }
            if let mismatch { throw .unusable(path: path, reason: mismatch) }
        }
        guard isOurs || isNew else { throw .notALedger(path: path) }
        try LedgerError.wrapping(path) { () throws(SQLiteError) in
            // An answer other than `wal` is found by assertSettings.
            if try connection.value("PRAGMA journal_mode = WAL") != "wal" { return }
            try Migrator.migrate(connection, from: identity.version)
        }
    }

    /// Reads back what durability depends on, and sets the write-ahead log up where it is not.
    private func assertSettings() throws(LedgerError) {
        let path = files.path
        let (journal, synchronous) = try LedgerError.wrapping(path) { () throws(SQLiteError) in
            var journal = try connection.value("PRAGMA journal_mode")?.text
            // A backup brought back with VACUUM INTO, another tool or a first start that failed
            // half-way leaves it otherwise.
            if journal != "wal" {
                journal = try connection.value("PRAGMA journal_mode = WAL")?.text
            }
            return (journal, try connection.value("PRAGMA synchronous")?.integer)
        }
        guard journal == "wal", synchronous == 2 else {
            throw .unusable(
                path: path,
                reason: "journal_mode is \(journal ?? "unknown"), synchronous "
                    + "\(synchronous ?? -1) instead of wal and 2; a ledger needs a local disk")
        }
    }

    /// Empties the write-ahead log when it has grown long; readers are not waited for.
    ///
    /// While somebody is in the middle of reading it cannot be emptied, but what they do not need
    /// is still moved into the database, as far as a passive checkpoint would get (measured
    /// with 3.40.1), and the first append after they have finished empties it.
    func checkpointWhenLong() {
        if logSize > Self.longestLog { checkpoint() }
    }

    /// How long the write-ahead log is, in bytes.
    var logSize: Int { (try? FileSystem.status(files.writeAheadLog).size) ?? 0 }

    /// Empties the write-ahead log, however long it is.
    func checkpoint() {
        connection.setBusyTimeout(milliseconds: 0)
        // What was appended is durable either way; the next append tries again.
        _ = try? connection.checkpointAndTruncate()
    }
}
