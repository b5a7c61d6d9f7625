package import Glibc
import SystemCalls

/// A ticket seen by somebody who does not own it.
///
/// Whoever may write the directory can put anything there, so nothing but a regular file of
/// moderate size is ever read.
package struct TicketFile: Hashable, Sendable {
    /// The deployment's number.
    package let number: Int64
    /// Where the file is.
    package let path: String

    /// What stands in it; empty when it cannot be read.
    package func text() -> TicketText { read().text }

    /// What stands in it, and the user whose file it is.
    package func read() -> (text: TicketText, owner: uid_t?) {
        guard let (bytes, status) = try? FileSystem.readUntrusted(path) else {
            return (TicketText(parsing: []), nil)
        }
        return (TicketText(parsing: bytes), status.uid)
    }

    /// Whether it is the ticket of the deployment with these facts; a number alone may have been
    /// given twice, after the queue was removed.
    func isOf(_ facts: DeploymentFacts) -> Bool {
        number == facts.number && text().facts?.deployment == facts.deployment
    }

    /// Whether a process still has it: to hold or await the lock, or for the last step after that.
    ///
    /// The kernel's word, which holds across pid namespaces.
    package var isOwned: Bool {
        if isLive { return true }
        return (try? FileDescriptor.openUntrusted(path).tryRecordLock(.shared)) == false
    }

    /// Whether its process lives.
    ///
    /// Something else than a file is no ticket. In doubt a ticket is alive: waiting too long is
    /// safe, overtaking is not.
    package var isLive: Bool {
        do {
            // Shared, so that two who look at the same time do not see each other.
            return try !FileDescriptor.openUntrusted(path).tryLock(.shared)
        } catch {
            switch error.code {
            case ENOENT, ELOOP, EINVAL, ENXIO: return false
            case EACCES: return KernelLocks.locker(of: path) != nil
            default: return true
            }
        }
    }
}
