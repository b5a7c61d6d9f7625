import Glibc
import Processes
import SystemCalls

extension DeploymentFacts {
    /// The command that was started, unless it is known to be gone.
    ///
    /// Whether wrapper and keeper are seen does not count: the kernel lets go of their locks before
    /// they are seen to have ended.
    fileprivate var startedCommand: ProcessIdentity? {
        guard acquiredAtUs != nil, bootID == Machine.bootID, let commandProcess,
            !commandProcess.isDead
        else { return nil }
        return commandProcess
    }
}

extension TicketFile {
    /// Whether something of a deployment that nobody has a lock for any more may still run, so that
    /// its ticket must stay.
    package var mayStillRun: Bool { remainder != .nothing }

    /// What may keep others from the lock although nobody has locked this ticket any more.
    enum Remainder: Hashable, Sendable {
        /// Nothing.
        case nothing
        /// The command, which let go of the lock's descriptor.
        case command(ProcessIdentity)
        /// It cannot be read who had the lock; with the reason.
        case unreadable(SystemError)
    }

    /// Judges the ticket of a dead deployment.
    var remainder: Remainder {
        do {
            let file = try FileDescriptor.openUntrusted(path)
            let text = TicketText(parsing: try file.contents(limit: TicketText.longest))
            if text.hasEnded || text.rawEnd != nil { return .nothing }
            return text.facts?.startedCommand.map { .command($0) } ?? .nothing
        } catch {
            switch error.code {
            // Gone, or something that never was a ticket.
            case ENOENT, ELOOP, EINVAL, ENXIO: return .nothing
            default: return .unreadable(error)
            }
        }
    }
}
