internal import Glibc
internal import SQLite
internal import SystemCalls

/// Setting a damaged ledger aside; nothing is ever deleted.
struct Quarantine {
    let files: LedgerFiles

    /// Names that people give to databases; a file with another one is only moved when it says
    /// itself that it is a ledger, lest a mistyped path moves something else away.
    private static let suffixes = [".db", ".sqlite", ".sqlite3", ".ledger"]

    /// Whether there is a log but nothing it belongs to: SQLite would delete the log.
    var hasStrayLog: Bool {
        guard let log = try? FileSystem.status(files.writeAheadLog), log.size > 0 else {
            return false
        }
        return ((try? FileSystem.status(files.path).size) ?? 0) == 0
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

    /// Renames the database and its companions, then describes it in the event that opens the next
    /// ledger; nil when the file does not look like a ledger of ours.
    func setAside(because reason: String) throws(SystemError) -> Event? {
        let (isOurs, head) = inspect()
        guard isOurs || Self.suffixes.contains(where: { files.path.hasSuffix($0) }) else {
            return nil
        }
        let aside = newName()
        // The database first: without it the rest is a stray log, which is set aside as well.
        for suffix in ["", "-wal", "-shm"] {
            do throws(SystemError) {
                try FileSystem.rename(files.path + suffix, to: aside + suffix)
            } catch {
                if error.code != ENOENT { throw error }
            }
        }
        try? FileSystem.synchronizeDirectory(files.directory)
        var event = Event(.continued)
        event.previousFile = aside
        event.previousHead = head?.description
        event.reason = reason
        return event
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
        while ["", "-wal", "-shm"].contains(where: { FileSystem.exists(name + $0) }) {
            count += 1
            name = "\(base)-\(count)"
        }
        return name
    }
}
