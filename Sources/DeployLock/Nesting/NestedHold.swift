import Glibc
import SystemCalls

/// Keeps a deployment from letting go of the lock while another one runs inside it.
///
/// Held by the wrapper of the inner one as a shared lock on the outer one's ticket, apart from the
/// `flock(2)` that says that the outer one lives. Before it lets go, the outer one takes that lock
/// alone and keeps it, so that nothing can begin inside any more.
package final class NestedHold: Sendable {
    private let descriptor: FileDescriptor

    var rawDescriptor: CInt { descriptor.rawValue }

    init(inheriting descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    func remove() { try? descriptor.unlockRecord() }

    /// Nil when the outer deployment is about to end, or its ticket is gone or another one's.
    ///
    /// - Throws: when it cannot be marked; whoever waits then would wait for itself.
    init?(on ticket: TicketFile) throws(SystemError) {
        do {
            let file = try FileDescriptor.openUntrusted(ticket.path)
            guard try file.tryRecordLock(.shared),
                try file.status().identity
                    == FileSystem.status(ticket.path, followingLinks: false).identity
            else { return nil }
            descriptor = file
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }
}
