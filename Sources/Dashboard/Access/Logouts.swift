import Crypto
import Ledger
import Logging
import Queries
import Synchronization
import SystemCalls
import Wording

/// Logins that were ended before their time.
///
/// They are kept in a file, so that a restart forgets none of them. Where none can be written, a login
/// is good for one run of the server instead.
final class Logouts: Sendable {
    private struct Known {
        var version: FileStatus?
        /// By the hash of a session: until when it matters.
        var ends: [String: Instant] = [:]
    }

    /// What sessions are sealed with besides their token: the same for as long as a file remembers,
    /// else another one in each run.
    let run: String
    /// Nil where nothing can be written.
    private let file: String?
    private let logger: Logger
    private let known: Mutex<Known>

    init(_ path: String, logger: Logger) {
        self.logger = logger
        let isKept: Bool
        do {
            known = Mutex(try Self.read(path))
            isKept = FileSystem.isWritable(Path.parent(of: path))
        } catch {
            known = Mutex(Known())
            isKept = false
            logger.error("logins end with this run of the server: \(error)")
        }
        file = isKept ? path : nil
        run = isKept ? "" : Hexadecimal.encode(Machine.randomBytes(16))
    }

    /// Ends a session before its time.
    func add(_ session: Session, now: Instant) {
        known.withLock { known in
            refresh(&known)
            known.ends = known.ends.filter { now < $0.value }
            known.ends[Self.name(of: session)] = session.ends
            guard let file else { return }
            do {
                try FileReplacement.write(
                    Array(Self.text(known.ends).utf8), to: file, FileAccess(mode: 0o600))
            } catch {
                logger.error("the server forgets a logout when it stops: \(error)")
            }
        }
    }

    /// Whether a session was ended before its time, here or by another server with the same file.
    func contains(_ session: Session) -> Bool {
        known.withLock { known in
            refresh(&known)
            return known.ends[Self.name(of: session)] != nil
        }
    }

    private func refresh(_ known: inout Known) {
        guard let file, Self.version(of: file) != known.version else { return }
        do {
            let newer = try Self.read(file)
            known.version = newer.version
            known.ends.merge(newer.ends) { $1 }
        } catch {
            known.version = Self.version(of: file)
            logger.error("logouts of other servers may be missing: \(error)")
        }
    }

    /// A file that is not there has none.
    private static func read(_ path: String) throws(SystemError) -> Known {
        // What is read next may be newer than what was looked at, never older.
        guard let version = version(of: path) else { return Known() }
        let bytes = try FileSystem.readUntrusted(path).bytes
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let ends = lines.compactMap { line -> (String, Instant)? in
            let words = line.split(separator: " ")
            guard words.count == 2, let end = RFC3339.microseconds(of: String(words[1])) else {
                return nil
            }
            return (String(words[0]), Instant(microseconds: end))
        }
        return Known(version: version, ends: Dictionary(ends) { $1 })
    }

    private static func text(_ ends: [String: Instant]) -> String {
        "# Logins that were ended: SHA-256 of the cookie, until when it matters.\n"
            + ends.sorted { $0.key < $1.key }
            .map { "\($0.key) \(RFC3339.toTheSecond($0.value.microseconds))\n" }.joined()
    }

    private static func version(of path: String) -> FileStatus? {
        try? FileSystem.status(path, followingLinks: false)
    }

    /// The file gives nobody a session.
    private static func name(of session: Session) -> String {
        Hexadecimal.encode(AccessToken.digest(session.text))
    }
}
