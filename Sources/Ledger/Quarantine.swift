internal import Glibc
internal import SQLite
internal import SystemCalls

/// Setting a damaged ledger aside; nothing is ever deleted.
struct Quarantine {
    let files: LedgerFiles
    let spool: Spool

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
    /// - Throws: when that cannot be found out, because the file cannot be read now.
    var isDamaged: Bool {
        get throws(LedgerError) {
            do throws(SQLiteError) {
                let connection = try Connection(
                    path: files.path, mode: .readOnly, busyTimeoutMilliseconds: 0)
                return try connection.value("PRAGMA quick_check(1)")?.text != "ok"
            } catch {
                if error.isCorrupt { return true }
                throw LedgerError(error, path: files.path)
            }
        }
    }

    /// The version of the schema if it is a later one than this program knows.
    var newerVersion: Int? {
        guard
            let connection = try? Connection(
                path: files.path, mode: .readOnly, busyTimeoutMilliseconds: 0),
            let identity = try? Migrator.identity(of: connection),
            identity.applicationID == Migrator.applicationID,
            identity.version > Migrator.knownVersion
        else { return nil }
        return identity.version
    }

    /// Renames the database and its companions.
    ///
    /// What it gives describes that and opens the next ledger. It is nil when nothing proves that
    /// the file is a ledger of ours: a mistyped path must not move something else away.
    ///
    /// The description is in the spool before anything is renamed, so that it survives a kill.
    ///
    /// - Parameter wasLedger: whether the path is known to have held a ledger of ours.
    func setAside(because reason: String, wasLedger: Bool) throws(SystemError) -> EventLine? {
        let (isOurs, head) = inspect()
        let isGone = try isGone
        guard isOurs || wasLedger || isGone else { return nil }
        let link: EventLine
        let aside: String
        if let unfinished = unfinishedLink(isGone: isGone) {
            (link, aside) = unfinished
        } else {
            aside = newName()
            var event = Event(.continued)
            event.previousFile = aside
            event.previousHead = head?.description
            event.reason = reason
            link = EventLine(event)
            // A disk that is full is no reason to stay with a damaged ledger.
            _ = try? spool.store([link])
        }
        for suffix in Self.suffixes {
            do throws(SystemError) {
                try FileSystem.rename(files.path + suffix, to: aside + suffix)
            } catch {
                if error.code != ENOENT { throw error }
            }
        }
        try? FileSystem.synchronizeDirectory(files.directory)
        return link
    }

    /// Whether a ledger was set aside under that name, in whole or in part.
    static func hasSetAside(_ aside: String) -> Bool {
        suffixes.contains { FileSystem.exists(aside + $0) }
    }

    /// Whether there is no database, or one without content.
    private var isGone: Bool {
        get throws(SystemError) { try Self.size(of: files.path) ?? 0 == 0 }
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
    private func unfinishedLink(isGone: Bool) -> (EventLine, String)? {
        for file in spool.waiting() where file.isLink {
            guard case .line(let line) = spool.read(file), let aside = line.event?.previousFile,
                aside.hasPrefix(files.path + ".corrupt-"),
                isGone || !Self.hasSetAside(aside),
                !Self.suffixes.contains(where: {
                    FileSystem.exists(files.path + $0) && FileSystem.exists(aside + $0)
                })
            else { continue }
            return (line, aside)
        }
        return nil
    }

    /// What a damaged database still says of itself.
    private func inspect() -> (isOurs: Bool, head: Head?) {
        guard
            let connection = try? Connection(
                path: files.path, mode: .readOnly, busyTimeoutMilliseconds: 0),
            let identity = try? Migrator.identity(of: connection),
            identity.applicationID == Migrator.applicationID
        else { return (false, nil) }
        let row = try? connection.prepare(EmbeddedStatements.head).rows().first
        guard let seq = row?[0].integer, let hash = row?[1].blob, hash.count == 32 else {
            return (true, nil)
        }
        return (true, Head(seq: seq, hash: hash))
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
