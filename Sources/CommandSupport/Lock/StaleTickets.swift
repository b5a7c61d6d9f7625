package import DeployLock
package import Glibc
package import Ledger
import Processes
import SystemCalls

/// What deployments that died left in the queue: their tickets, with events that may never have
/// reached the ledger.
package struct StaleTickets: Sendable {
    private let queue: WaitQueue
    private let lockCameFreeAt: Int64?
    private let number: Int64?
    private let limit: Int64
    private let isTrusted: @Sendable (uid_t) -> Bool

    /// - Parameters:
    ///   - lockCameFreeAt: when the last holder or what it left running let go of the lock, wall
    ///     clock in µs; nil when nobody saw it.
    ///   - number: the deployment that got the lock then. When this is asked it may have let go of it
    ///     long ago, so that a later one has had it and died.
    ///   - limit: looks only at deployments with lower numbers.
    ///   - isTrusted: whether events in a ticket of this user may go to the ledger.
    package init(
        _ queue: WaitQueue, lockCameFreeAt: Int64?, to number: Int64?, before limit: Int64 = .max,
        isTrusted: @escaping @Sendable (uid_t) -> Bool
    ) {
        self.queue = queue
        self.isTrusted = isTrusted
        self.lockCameFreeAt = lockCameFreeAt
        self.number = number
        self.limit = limit
    }

    /// What the ledger should conclude from them.
    package func sweep(lock: String, recordedBy deployment: EventID?) -> Sweep {
        Sweep(
            host: Machine.hostName, lock: lock, recordedBy: deployment,
            isDead: { candidate in
                // A keeper may have taken the place of the process that the ledger knows.
                guard candidate.number ?? 0 < limit,
                    candidate.number.map(queue.ticket).map({ $0.isOwned || $0.mayStillRun })
                        != true,
                    let boot = candidate.boot,
                    let start = candidate.pidStart
                else { return false }
                return ProcessIdentity(
                    boot: boot, pid: pid_t(truncatingIfNeeded: candidate.pid),
                    startTime: UInt64(truncatingIfNeeded: start),
                    namespace: candidate.pidNamespace.map { UInt64(truncatingIfNeeded: $0) }
                ).isDead
            },
            leftovers: leftovers)
    }

    /// The tickets that no process has any more.
    ///
    /// They are read once that is known: until its end a process may have added to its own.
    private func leftovers() -> Leftovers {
        let tickets = ((try? queue.tickets(below: limit)) ?? [])
            .filter { file in
                // Anybody may have put it there; and who writes another ledger finds it there.
                // The ticket of one whose command may run is all that names it.
                !file.isOwned && !file.mayStillRun
                    && file.read().owner.map(isTrusted) == true
            }
            .map { (file: $0, text: $0.text()) }
        var pending: [EventEnvelope] = []
        var unheard: [EventID] = []
        var done: [String] = []
        for ticket in tickets {
            let (lines, isUnderstood, isNewer) = Self.events(ticket.text)
            pending += lines
            if isUnderstood { done.append(ticket.file.path) }
            if isNewer, let id = ticket.text.facts?.deployment.flatMap({ EventID($0) }) {
                unheard.append(id)
            }
        }
        return Leftovers(
            pending: pending,
            lastAlive: lastAlive(tickets.filter { $0.file.number < number ?? .max }.map(\.text)),
            unheard: unheard
        ) { [done] in
            // Those of other users stay where the directory is sticky, and reading them again
            // changes nothing.
            for path in done { try? FileSystem.unlink(path) }
        }
    }

    /// The events of the ticket's own deployment; whether all that stands there could be read, or
    /// else whether a later version of the program wrote some of it.
    package static func events(
        _ text: TicketText
    ) -> (lines: [EventEnvelope], isUnderstood: Bool, isNewer: Bool) {
        guard let own = text.facts?.deployment else { return ([], text.entries.isEmpty, false) }
        var lines: [EventEnvelope] = []
        var (isUnderstood, isNewer) = (true, false)
        for entry in text.entries {
            switch ParsedEvent(entry) {
            case .line(let line): if line.deployment?.description == own { lines.append(line) }
            case .newer: (isUnderstood, isNewer) = (false, true)
            case .unreadable: isUnderstood = false
            }
        }
        lines += rawEvents(text, lock: lines.lazy.compactMap { $0.event.lock }.first)
        return (lines, isUnderstood, isNewer)
    }

    /// What a keeper had to tell that could not become this program again.
    ///
    /// Whoever reads them makes the same events of it.
    private static func rawEvents(_ text: TicketText, lock: String?) -> [EventEnvelope] {
        guard let end = text.rawEnd, !text.hasEnded, let facts = text.facts,
            let deployment = facts.deployment.flatMap({ EventID($0) }), let keeper = facts.keeper
        else { return [] }
        let events = DeploymentEvents(
            deployment: deployment, number: facts.number, lock: lock,
            user: facts.user ?? "unknown", pid: keeper.pid)
        var lost = events.event(.wrapperLost)
        lost.id = .derived(from: "\(deployment) wrapper lost", place: 1, atUs: end.lostAtUs)
        lost.atUs = end.lostAtUs
        lost.boot = keeper.boot
        lost.pidStart = Int64(keeper.startTime)
        lost.pidNS = Int64(keeper.namespace)
        let acquired = facts.acquiredAtUs ?? end.lostAtUs
        var released = events.event(.released)
        released.id = .derived(from: "\(deployment) released", place: 2, atUs: end.endedAtUs)
        released.atUs = end.endedAtUs
        released.waitUs = facts.requestedAtUs.map { max(0, acquired - $0) }
        released.heldUs = max(0, end.endedAtUs - acquired)
        let ending =
            end.status < 0
            ? Ending(startFailure: SystemError("exec", code: -end.status))
            : Ending(ExitStatus(waitStatus: end.status))
        released.set(Self.conclusion(ending, facts))
        if text.forced != nil { released.outcome = nil }
        return [EventEnvelope(lost), EventEnvelope(released)]
    }

    /// What the end of the step that ran last comes to: a keeper that can tell no more than that
    /// knows nothing of a check that was to follow, or was under way.
    private static func conclusion(_ ending: Ending, _ facts: DeploymentFacts) -> Conclusion {
        guard let step = facts.step else {
            var conclusion = Conclusion(ending, commandUs: nil)
            if ending.code == 0, facts.isChecked == true { conclusion.leaveUnchecked() }
            return conclusion
        }
        // A check is only made of what succeeded, a rollback of what failed.
        let code = step == FailedStep.health.rawValue ? 0 : CInt(clamping: facts.endedWith ?? 1)
        var conclusion = Conclusion(Ending(code: code, signal: nil, reason: nil), commandUs: nil)
        if code == 0 {
            conclusion.leaveUnchecked()
        } else {
            conclusion.rollback = ending.code == 0 ? .done : .failed
        }
        return conclusion
    }

    /// The last proof of life of the last holder: it had the lock until it came free.
    private func lastAlive(_ tickets: [TicketText]) -> [LastAlive] {
        guard let lockCameFreeAt else { return [] }
        for ticket in tickets.reversed() {
            guard let facts = ticket.facts, facts.acquiredAtUs != nil,
                let id = facts.deployment.flatMap({ EventID($0) })
            else { continue }
            return [LastAlive(id, atUs: lockCameFreeAt)]
        }
        return []
    }
}
