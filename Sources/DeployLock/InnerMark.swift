import Glibc
import SystemCalls

/// Keeps a deployment from letting go of the lock while another one runs inside it.
///
/// Held by the wrapper of the inner one as a shared lock on the outer one's ticket, apart from the
/// `flock(2)` that says that the outer one lives. Before it lets go, the outer one takes that lock
/// alone and keeps it, so that nothing can begin inside any more.
public final class InnerMark: Sendable {
    private let descriptor: FileDescriptor

    var rawDescriptor: CInt { descriptor.rawValue }

    init(inheriting descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    func remove() { try? descriptor.unlockRecord() }

    /// Nil when the outer deployment is about to end, or cannot be found.
    init?(on ticket: TicketFile) {
        guard let file = try? FileDescriptor.openUntrusted(ticket.path),
            (try? file.tryRecordLock(.shared)) == true,
            let mine = try? file.status().identity,
            mine == (try? FileSystem.status(ticket.path, followingLinks: false).identity)
        else { return nil }
        descriptor = file
    }
}
