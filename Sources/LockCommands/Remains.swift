import DeployLock
import Glibc
import Ledger
import SystemCalls

/// What deployments that died left in the queue: their tickets, with events that may never have
/// reached the ledger.
struct Remains: Sendable {
    private let tickets: [(file: TicketFile, text: TicketText)]
    private let lockCameFreeAt: Int64?
    private let limit: Int64

    /// Looks for tickets whose process is gone; one that has let go of its ticket and still lives
    /// is finishing its last step.
    ///
    /// - Parameters:
    ///   - lockCameFreeAt: when the last holder or what it left running let go of the lock, wall
    ///     clock in µs; nil when nobody saw it.
    ///   - limit: looks only at deployments with lower numbers.
    init(_ queue: WaitQueue, lockCameFreeAt: Int64?, before limit: Int64 = .max) {
        self.limit = limit
        tickets = ((try? queue.tickets(below: limit)) ?? []).filter { !$0.isLive }
            .map { ($0, $0.text()) }.filter { $0.1.facts?.process?.isAlive != true }
        self.lockCameFreeAt = lockCameFreeAt
    }

    /// What the ledger should conclude from them.
    func sweep(lock: String, recordedBy deployment: UUIDv7) -> Sweep {
        Sweep(
            host: Machine.hostName, lock: lock, boot: Machine.bootID, recordedBy: deployment,
            pending: tickets.flatMap(\.text.entries).compactMap { EventLine(text: $0) },
            lastAlive: lastAlive()
        ) { candidate in
            guard candidate.number ?? 0 < limit, let boot = candidate.boot,
                let start = candidate.pidStart
            else { return false }
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

    /// The last proof of life of the last holder: it had the lock until it came free.
    private func lastAlive() -> [UUIDv7: Int64] {
        guard let lockCameFreeAt else { return [:] }
        for ticket in tickets.reversed() {
            guard let facts = ticket.text.facts, facts.acquiredAtUs != nil,
                let id = facts.deployment.flatMap({ UUIDv7($0) })
            else { continue }
            return [id: lockCameFreeAt]
        }
        return [:]
    }
}
