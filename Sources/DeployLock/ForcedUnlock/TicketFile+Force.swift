import Glibc
import Processes
package import SystemCalls

extension TicketFile {
    /// Decides the outcome of a deployment in its place, unless it has decided that itself.
    ///
    /// The counterpart of `Ticket.end`: both hold the ticket's writing lock from looking to writing,
    /// so the text says which of them came first.
    ///
    /// - Parameter decide: what to write; nil leaves the ticket as it is.
    /// - Throws: also when its owner was stopped while it decides: what that will write cannot be
    ///   told, and one outcome is enough.
    package func force(
        _ decide: (TicketText) -> (mark: UnlockNotice, entries: [String])?
    ) throws(SystemError) {
        let file = try FileDescriptor.open(
            path, O_RDWR | O_APPEND | (isOpenElsewhere ? 0 : O_NOFOLLOW))
        let isLocked = try file.lockWriting(within: Ticket.patience)
        // Everybody who decides takes it for writing; a lock of somebody who may just read the
        // ticket is no obstacle.
        if !isLocked, file.isLockedForWriting {
            throw SystemError("fcntl", path, code: EAGAIN)
        }
        defer { if isLocked { try? file.unlockWriting() } }
        let bytes = try file.contents(limit: TicketText.longest)
        guard let (mark, entries) = decide(TicketText(parsing: bytes)) else { return }
        try file.write(
            TicketText.ending(bytes) + TicketText.encode(mark)
                + TicketText.encode(nil, entries: entries))
    }

    /// The ticket of a deployment whose file somebody removed: its wrapper still has it open, and
    /// reads there what it is told.
    init?(of facts: DeploymentFacts, openIn wrapper: ProcessIdentity) {
        guard let deployment = facts.deployment else { return nil }
        let directory = "/proc/\(wrapper.pid)/fd"
        let path = ((try? FileSystem.entries(of: directory)) ?? []).lazy
            .map { "\(directory)/\($0)" }
            .first { path in
                guard (try? FileSystem.status(path).isRegularFile) == true,
                    let bytes = try? FileSystem.read(path, limit: TicketText.longest)
                else { return false }
                return TicketText(parsing: bytes).facts?.deployment == deployment
            }
        guard let path, wrapper.isAlive else { return nil }
        self.init(number: facts.number ?? 0, path: path)
    }

    /// There a name is a link to the file itself, proc(5).
    private var isOpenElsewhere: Bool { path.hasPrefix("/proc/") }

    /// Whether this user may decide in the deployment's place.
    package var mayBeForced: Bool { access(path, W_OK) == 0 }
}
