package import Glibc
import Processes
package import SystemCalls

/// Who has a lock: the one that the next deployment has to wait for first.
///
/// Judged from a `LockReading` and nothing else, in this one place.
package enum LockOwner: Hashable, Sendable {
    /// Nobody, and nothing is left of an earlier owner.
    case nobody
    /// A deployment whose wrapper lives, or cannot be seen from here while its ticket is locked.
    case deployment(LockClaim)
    /// A deployment whose wrapper died while its keeper or its command goes on.
    case runningOrphan(LockClaim)
    /// A process that a deployment started and left behind; neither its wrapper nor its command
    /// lives.
    case leftBehind(LockClaim)
    /// Nobody; a deployment died with the lock and nothing of it runs any more.
    case deadOrphan(LockClaim)
    /// A process that took the lock without us, such as flock(1): its pid, where that is known, and
    /// what it published of itself.
    case unrecorded(pid_t?, DeploymentFacts?)
    /// What a dead deployment left running, or nothing: its ticket cannot be read.
    case unreadable(TicketFile, SystemError)

    /// Judges a reading.
    package init(_ reading: LockReading) {
        if let live = Self.liveHolder(reading) {
            self = live.wrapper == .dead ? .runningOrphan(live) : .deployment(live)
            return
        }
        // The first in line locks the file before it waits for a command that closed it.
        let next = reading.tickets.first { $0.isLive && reading.hasTaken($0) }
        if reading.isLocked, next == nil {
            self = Self.ownerOfLockedFile(reading)
            return
        }
        if let hidden = Self.hidden(reading) {
            self = hidden
        } else if let next {
            self = .deployment(next)
        } else {
            self = Self.remnant(reading)
        }
    }

    /// A ticket that is locked and says that it got the lock, one that lets go of it last.
    ///
    /// Everybody waits for it, whoever else may have locked a file of the lock's name since.
    private static func liveHolder(_ reading: LockReading) -> LockClaim? {
        let holders = reading.tickets.filter { $0.isLive && $0.hasAcquired }
        let running = holders.filter { !$0.hasEnded }
        return running.first(where: reading.hasTaken) ?? running.first
            ?? holders.first { reading.hasTaken($0) || !reading.isLocked }
    }

    /// Somebody has to be waited for of whom the kernel knows no lock.
    private static func hidden(_ reading: LockReading) -> LockOwner? {
        for ticket in reading.tickets where !ticket.isLive {
            if let file = ticket.ticket, let error = ticket.error {
                return .unreadable(file, error)
            }
            if ticket.survivingCommand != nil { return .runningOrphan(ticket) }
        }
        // Lock file and queue may have been removed under it; the next one waits all the same.
        if let claim = reading.published, reading.isPublishedWithoutTicket, claim.hasAcquired,
            claim.processInTheWay != nil
        {
            return claim.wrapper == .alive ? .deployment(claim) : .runningOrphan(claim)
        }
        guard let recorded = reading.recorded.first else { return nil }
        var facts = DeploymentFacts()
        facts.pid = recorded.pid
        facts.processStart = recorded.startTime
        facts.bootID = recorded.boot
        facts.pidNamespace = recorded.namespace
        return .deployment(LockClaim(.ledger, facts: facts))
    }

    /// No live ticket's deployment has it, and yet the kernel knows of a lock.
    private static func ownerOfLockedFile(_ reading: LockReading) -> LockOwner {
        let dead = reading.tickets.filter(\.isAbandonedHold)
        let lockers = reading.lockers
        let locker = lockers.filter { $0 != 0 }.min()
        func isPublishedLocker(_ claim: LockClaim) -> Bool {
            guard let pid = claim.facts?.pid else { return false }
            return lockers.contains(pid) || reading.holding.processes.contains { $0.pid == pid }
        }
        if let claim = reading.published, isPublishedLocker(claim), !claim.isProvablyDead {
            guard claim.hasAcquired, claim.processInTheWay != nil else {
                return .unrecorded(claim.facts?.pid, claim.facts)
            }
            return claim.wrapper == .alive ? .deployment(claim) : .runningOrphan(claim)
        }
        // Whoever took it lives: then it is nobody's inheritance.
        if reading.takerLives, !dead.contains(where: reading.hasTaken) {
            return .unrecorded(locker, nil)
        }
        // In a container the taker of an inherited lock is not named.
        let isUnnamed = lockers.subtracting([0]).isEmpty
        if let heir = dead.last(where: { isUnnamed || reading.hasTaken($0) }) {
            return inherited(heir)
        }
        if let claim = reading.published, claim.isProvablyDead,
            isUnnamed || isPublishedLocker(claim)
        {
            return inherited(claim)
        }
        return reading.starters.first.map { .leftBehind($0) } ?? .unrecorded(locker, nil)
    }

    private static func inherited(_ claim: LockClaim) -> LockOwner {
        claim.processInTheWay == nil ? .leftBehind(claim) : .runningOrphan(claim)
    }

    /// Nobody has it; what the last one left.
    private static func remnant(_ reading: LockReading) -> LockOwner {
        if let dead = reading.tickets.last(where: { $0.isAbandonedHold && !$0.isConcluded }) {
            return .deadOrphan(dead)
        }
        if let claim = reading.published, claim.isProvablyDead { return .deadOrphan(claim) }
        return .nobody
    }
}

extension LockOwner {
    /// The claim of the deployment that has it, or had it last.
    package var claim: LockClaim? {
        switch self {
        case .deployment(let claim), .runningOrphan(let claim), .leftBehind(let claim),
            .deadOrphan(let claim):
            claim
        case .nobody, .unrecorded, .unreadable: nil
        }
    }

    /// What is known of whoever has it.
    package var facts: DeploymentFacts? {
        if case .unrecorded(_, let facts) = self { return facts }
        return claim?.facts
    }

    /// Who has a lock, as other programs are told.
    package enum Condition: String, Hashable, Sendable, CaseIterable {
        /// Nobody.
        case free
        /// A deployment, or a process that published the facts of itself.
        case held
        /// What a deployment left running whose wrapper was lost.
        case runningOrphan = "running_orphan"
        /// Nobody, but a deployment died with it and nobody recorded that yet.
        case deadOrphan = "dead_orphan"
        /// A process that is no deployment.
        case stranger
    }

    /// The same in one word for programs; nil when it is unknown.
    package var condition: Condition? {
        switch self {
        case .nobody: .free
        case .deployment: .held
        case .runningOrphan, .leftBehind: .runningOrphan
        case .deadOrphan: .deadOrphan
        case .unrecorded(_, let facts): facts == nil ? .stranger : .held
        case .unreadable: nil
        }
    }
}
