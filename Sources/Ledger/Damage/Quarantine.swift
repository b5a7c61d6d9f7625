internal import Glibc
internal import SQLite
internal import SystemCalls

/// Setting a damaged ledger aside; nothing is ever deleted.
struct Quarantine {
    let files: LedgerFiles
    let spool: Spool
    /// What is known of the ledger that was here.
    let mark: LedgerMark

    /// The database first: without it the rest is a stray log, which is set aside as well.
    private static let suffixes = ["", "-wal", "-shm"]

    /// Whether there is a log but nothing it belongs to: SQLite would delete the log.
    var hasStrayLog: Bool {
        get throws(SystemError) {
            guard let log = try Self.size(of: files.writeAheadLog), log > 0 else { return false }
            return try isGone
        }
    }

    /// Whether the database really is damaged, by a connection of its own that looks at every page.
    ///
    /// - Throws: when that cannot be found out in time, or because the file cannot be read now.
    func isDamaged(until deadline: Deadline) throws(LedgerError) -> Bool {
        do throws(SQLiteError) {
            let connection = try Connection(
                path: files.path, mode: .readOnly, busyTimeoutMilliseconds: 0)
            connection.stopStatements(atMonotonicMicroseconds: deadline.at)
            guard try connection.damage(comparesIndexes: false, limit: 1).isEmpty else {
                return true
            }
            // Pages may be in order where what they hold is gone.
            let row = try connection.prepare(EmbeddedStatements.head).rows().first
            return row?[1].blob?.count != 32
        } catch {
            if error.isCorrupt { return true }
            if error.isInterrupted {
                throw .unusable(
                    path: files.path,
                    reason: "it seems to be damaged, and checking all of it takes more time than a "
                        + "deployment has; 'deploystats recover' checks it")
            }
            throw LedgerError(error, path: files.path)
        }
    }

    /// The version of the schema if it is a later one than this program knows.
    var newerVersion: Int? {
        get throws(LedgerError) {
            guard let version = try inspect().version, version > Migrator.knownVersion else {
                return nil
            }
            return version
        }
    }

    /// Renames the database and its companions.
    ///
    /// What it gives describes that and opens the next ledger. It is nil when nothing proves that
    /// the file is a ledger of ours: a mistyped path must not move something else away.
    ///
    /// The description is in the spool before anything is renamed, so that it survives a kill.
    ///
    /// - Parameter wasLedger: whether the path is known to have held a ledger of ours.
    func setAside(because reason: String, wasLedger: Bool) throws(LedgerError) -> EventEnvelope? {
        let (version, head) = try inspect()
        do throws(SystemError) {
            let isGone = try isGone
            guard version != nil || wasLedger || isGone else { return nil }
            let (link, aside) = unfinishedLink(isGone: isGone) ?? newLink(reason, head)
            for suffix in Self.suffixes { try move(files.path + suffix, to: aside + suffix) }
            try? FileSystem.synchronizeDirectory(files.directory)
            return link
        } catch {
            throw .unusable(path: files.path, reason: "\(reason); setting it aside: \(error)")
        }
    }

    private func newLink(_ reason: String, _ head: Head?) -> (EventEnvelope, String) {
        let aside = newName()
        var event = Event(.continued)
        event.previousFile = aside
        // What was noted is certain; what a damaged file says of itself may be another's.
        event.previousHead = (mark.newest ?? head)?.description
        event.previousLedger = mark.identity.map(Hexadecimal.encode)
        event.reason = reason
        let link = EventEnvelope(event)
        // A disk that is full is no reason to stay with a damaged ledger.
        _ = try? spool.store([link])
        return (link, aside)
    }

    private func move(_ path: String, to aside: String) throws(SystemError) {
        do throws(SystemError) {
            let isMoved = try FileSystem.renameWithoutReplacing(path, to: aside)
            if !isMoved { throw SystemError("rename", aside, code: EEXIST) }
        } catch {
            if error.code != ENOENT { throw error }
        }
    }

    /// Whether a ledger was set aside under that name, in whole or in part.
    static func hasSetAside(_ aside: String) -> Bool {
        suffixes.contains { isThere(aside + $0) }
    }

    /// Whether a ledger was set aside as the link says: whoever wrote it may have been killed before,
    /// and the ledger may be well again.
    static func isTrue(_ link: EventEnvelope) -> Bool {
        link.event.previousFile.map(hasSetAside) ?? false
    }

    /// Whether something has that name; what cannot be looked at is there.
    private static func isThere(_ path: String) -> Bool {
        do throws(SystemError) { return try size(of: path) != nil } catch { return true }
    }

    /// Whether there is no database, or one without content: SQLite takes one of a single byte for
    /// empty, too.
    private var isGone: Bool {
        get throws(SystemError) { try Self.size(of: files.path) ?? 0 <= 1 }
    }

    /// Copies the log, before anything is written over it, of a ledger whose end is gone: what cannot
    /// be used of it may still be readable.
    ///
    /// - Returns: the name the copy belongs to; nil when there is none to make, or it cannot be made.
    func keep(_ loss: LedgerLoss, _ foreignLog: String?) -> String? {
        if let foreignLog { return foreignLog }
        guard case .end = loss.kind,
            let log = try? FileDescriptor.openUntrusted(files.writeAheadLog),
            let bytes = try? log.contents(limit: Self.longestLog), !bytes.isEmpty
        else { return nil }
        let aside = newName()
        guard let copy = try? files.create(aside + "-wal"), (try? copy.write(bytes)) != nil,
            (try? copy.synchronize()) != nil
        else { return nil }
        return aside
    }

    /// No log is copied of which there is more, in bytes: a deployment waits for it.
    private static let longestLog = 64 << 20

    /// Renames a log that is of another ledger than the database it lies beside.
    ///
    /// - Returns: the name it belongs to now; nil when the database is not of the noted ledger either.
    func setForeignLogAside() throws(SystemError) -> String? {
        guard let identity = mark.identity, try Self.size(of: files.writeAheadLog) ?? 0 > 0,
            try RawPages(files.path, hasLog: false).identities.contains(identity)
        else { return nil }
        let aside = newName()
        for suffix in Self.suffixes.dropFirst() {
            try move(files.path + suffix, to: aside + suffix)
        }
        return aside
    }

    /// The size of a file; nil when there is none.
    ///
    /// What cannot be looked at is not missing.
    private static func size(of path: String) throws(SystemError) -> Int? {
        do {
            return try FileSystem.status(path).size
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    /// What an attempt wrote that was killed before all was renamed, with the name it had chosen.
    private func unfinishedLink(isGone: Bool) -> (EventEnvelope, String)? {
        for file in spool.waiting() where file.isLink {
            guard case .line(let line) = spool.read(file), let aside = line.event.previousFile,
                aside.hasPrefix(files.path + ".corrupt-"),
                isGone || !Self.hasSetAside(aside),
                !Self.suffixes.contains(where: {
                    Self.isThere(files.path + $0) && Self.isThere(aside + $0)
                })
            else { continue }
            return (line, aside)
        }
        return nil
    }

    /// What a damaged database still says of itself: the version of its schema if it is a ledger of
    /// ours, and its newest event.
    ///
    /// - Throws: when it cannot be read now.
    private func inspect() throws(LedgerError) -> (version: Int?, head: Head?) {
        var version: Int?
        do throws(SQLiteError) {
            // Opening nothing would make a log beside it, or delete the one there is.
            if (try? isGone) != false { return (nil, nil) }
            let connection = try Connection(
                path: files.path, mode: .readOnly, busyTimeoutMilliseconds: 0)
            let identity = try Migrator.identity(of: connection)
            guard identity.applicationID == Migrator.applicationID else { return (nil, nil) }
            version = identity.version
            let row = try connection.prepare(EmbeddedStatements.head).rows().first
            guard let seq = row?[0].integer, let hash = row?[1].blob, hash.count == 32 else {
                return (version, nil)
            }
            return (version, Head(seq: seq, hash: hash))
        } catch {
            // A library too old for the schema has words of its own for it.
            if error.isOfTheEnvironment && !error.isCorrupt {
                throw LedgerError(error, path: files.path)
            }
            return (version, nil)
        }
    }

    private func newName() -> String {
        var now = time_t(Clock.wallMicroseconds() / 1_000_000)
        var utc = tm()
        gmtime_r(&now, &utc)
        var text = [CChar](repeating: 0, count: 32)
        let length = strftime(&text, text.count, "%Y%m%dT%H%M%SZ", &utc)
        let stamp = String(decoding: text[..<length].map(UInt8.init), as: UTF8.self)
        let base = "\(files.path).corrupt-\(stamp)"
        var name = base
        var count = 1
        while Self.hasSetAside(name) {
            count += 1
            name = "\(base)-\(count)"
        }
        return name
    }
}
