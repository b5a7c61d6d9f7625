import Ledger
import Synchronization
import SystemCalls

/// A connection that is kept to see at little cost whether the ledger has moved on.
///
/// For one thread: whoever looks waits for who looks already.
final class LedgerWatch: Sendable {
    /// What was seen of the ledger in one look.
    struct Seen: Hashable, Sendable {
        /// Its random id; nil when it cannot be read.
        var id: String?
        /// Its newest event; nil when it cannot be read.
        var head: Head?
        /// Why it cannot be read.
        var problem: String?
    }

    private let path: String
    private let kept = Mutex<Kept?>(nil)

    /// An open ledger, and which file it is.
    private struct Kept {
        let reader: LedgerReader
        let file: FileStatus.Identity?
        let id: String?
    }

    /// How long a look waits for a lock of somebody else.
    private static let busyMilliseconds = 1000

    init(_ settings: LedgerSettings) { path = settings.path }

    /// Looks at the newest event.
    ///
    /// - Parameter isFresh: whether to open the ledger again, and so to see a schema that has changed.
    func look(isFresh: Bool) -> Seen {
        kept.withLock { kept in
            // A damaged ledger is set aside, and another one takes its name.
            let file = try? FileSystem.status(path).identity
            if isFresh || kept?.file != file { kept = nil }
            do throws(LedgerError) {
                let open = if let kept { kept } else { try Self.open(path, file) }
                let head = try open.reader.head()
                kept = open
                return Seen(id: open.id, head: head)
            } catch {
                kept = nil
                return Seen(problem: error.description)
            }
        }
    }

    private static func open(
        _ path: String, _ file: FileStatus.Identity?
    ) throws(LedgerError) -> Kept {
        let reader = try LedgerReader(path: path, busyTimeoutMilliseconds: busyMilliseconds)
        return Kept(reader: reader, file: file, id: reader.id)
    }
}
