import DeployLock
import Glibc
import Ledger
import SystemCalls

/// What deployments that died left in the queue: their tickets, with events that may never have
/// reached the ledger.
struct Remains: Sendable {
    private let tickets: [(file: TicketFile, text: TicketText)]
    private let lockWasHeld: Bool

    /// Looks for tickets whose process is gone; one that has let go of its ticket and still lives
    /// is finishing its last step.
    init(_ queue: WaitQueue, lockWasHeld: Bool) {
        tickets = ((try? queue.tickets()) ?? []).filter { !$0.isLive }
            .map { ($0, $0.text()) }.filter { $0.1.facts?.process?.isAlive != true }
        self.lockWasHeld = lockWasHeld
    }

    /// What the ledger should conclude from them.
    func sweep(lock: String, recordedBy deployment: UUIDv7) -> Sweep {
        Sweep(
            host: Machine.hostName, lock: lock, boot: Machine.bootID, recordedBy: deployment,
            pending: tickets.flatMap(\.text.entries).compactMap { EventLine(text: $0) },
            lastAlive: lastAlive()
        ) { candidate in
            guard let boot = candidate.boot, let start = candidate.pidStart else { return false }
            return !ProcessIdentity(
                boot: boot, pid: pid_t(truncatingIfNeeded: candidate.pid),
                startTime: UInt64(truncatingIfNeeded: start)
            ).isAlive
        }
    }

    /// Removes the tickets; those of other users stay where the directory is sticky, and reading
    /// them again changes nothing.
    func remove() {
        for ticket in tickets { try? FileSystem.unlink(ticket.file.path) }
    }

    /// The last proof of life of each: of the last holder, the moment the lock came free, if we
    /// saw it held until then.
    private func lastAlive() -> [UUIDv7: Int64] {
        var result: [UUIDv7: Int64] = [:]
        var isLastHolder = lockWasHeld
        for ticket in tickets.reversed() {
            guard let facts = ticket.text.facts, facts.acquiredAtUs != nil,
                let id = facts.deployment.flatMap({ UUIDv7($0) })
            else { continue }
            if isLastHolder { result[id] = Clock.wallMicroseconds() }
            isLastHolder = false
        }
        return result
    }
}
