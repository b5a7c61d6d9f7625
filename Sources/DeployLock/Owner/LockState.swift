import Glibc
package import Processes
import SystemCalls

/// A lock and its queue as they are at one moment, found out by looking alone.
///
/// The lock file itself is never locked for that: a deployment that asks for it in the same moment
/// must not be refused because somebody looked.
package struct LockState: Hashable, Sendable {
    /// One who waits for the lock.
    package struct Waiter: Hashable, Sendable {
        /// Its number.
        package let number: Int64
        /// Who it is; nil when its ticket cannot be read.
        package let facts: DeploymentFacts?
        /// Its process; nil when it cannot be seen.
        package let process: RunningProcess?
    }

    /// The files of the lock.
    package let paths: LockPaths
    /// When this was seen, wall clock in µs.
    package let lookedAtUs: Int64
    /// Who has it.
    package let owner: LockOwner
    /// The process that the facts name as the holder's, when it runs.
    package let wrapper: RunningProcess?
    /// The process between the holder's wrapper and its command, when it runs.
    package let keeper: RunningProcess?
    /// The processes that keep others out, in the order of their pids: they have the lock's
    /// descriptor, or are the command of a running orphan that closed it.
    package let processes: [RunningProcess]
    /// Whether some process could not be looked into, so that there may be more.
    package let isIncomplete: Bool
    /// Those who wait, next in line first.
    package let waiting: [Waiter]
    /// Deployments that died while they waited or while they had the lock, as their tickets tell.
    package let died: [DeploymentFacts]
    /// Facts beside a free lock that name a process which runs, or cannot be judged, without
    /// having the lock.
    package let unprovenFacts: DeploymentFacts?

    /// Looks at a lock.
    ///
    /// - Parameter isConcluded: whether the entries of a ticket tell how its deployment ended.
    /// - Throws: when it is unknown who holds the lock.
    package init(
        of paths: LockPaths, isConcluded: ([String]) -> Bool
    ) throws(LockError) {
        let queue = WaitQueue(paths)
        var reading = try LockReading(of: queue, isConcluded: isConcluded)
        var owner = LockOwner(reading)
        // Between two steps of a reading the lock may change hands. What would be a sign of trouble
        // counts only when it stays.
        for _ in 0..<Self.mostLooks where Self.isSuspicious(owner, reading) {
            usleep(Self.pauseMicroseconds)
            let before = (owner, reading)
            reading = try LockReading(of: queue, isConcluded: isConcluded)
            owner = LockOwner(reading)
            if Self.isSame((owner, reading), before) { break }
        }
        if case .unreadable(_, let error) = owner {
            throw .unusable(error, directory: paths.directory)
        }
        self.init(paths, owner, reading)
    }

    /// Whether whoever comes now has to wait.
    package var isTaken: Bool {
        switch owner {
        case .nobody, .deadOrphan: false
        case .deployment, .runningOrphan, .leftBehind, .unrecorded, .unreadable: true
        }
    }

    private init(_ paths: LockPaths, _ owner: LockOwner, _ reading: LockReading) {
        self.paths = paths
        self.owner = owner
        lookedAtUs = Clock.wallMicroseconds()
        isIncomplete = reading.holding.isIncomplete
        let live = reading.tickets.filter(\.isLive)
        waiting = live.filter { $0.ticket != owner.claim?.ticket }.compactMap { claim in
            claim.ticket.map { file in
                Waiter(
                    number: file.number, facts: claim.facts,
                    process: claim.facts?.pid.flatMap { RunningProcess($0) })
            }
        }
        died = reading.tickets.filter(\.hasDiedUntold).compactMap(\.facts)
        unprovenFacts = owner == .nobody ? reading.published?.facts : nil
        let facts = owner.facts
        keeper = owner.condition == .deadOrphan ? nil : facts?.keeper.flatMap { RunningProcess($0) }
        wrapper =
            owner.condition == .held
            ? facts?.process.map { RunningProcess($0) } ?? facts?.pid.flatMap { RunningProcess($0) }
            : nil
        var pids = Set(reading.holding.processes.map(\.pid))
        if pids.isEmpty, let taker = reading.taker { pids.insert(taker) }
        // One that has locked the file already and waits on keeps nobody out.
        pids.subtract(waiting.compactMap(\.facts?.pid))
        if let keeper = facts?.keeper?.pid { pids.remove(keeper) }
        if owner.condition == .runningOrphan, let command = facts?.commandProcess,
            command.isOfOurNamespace, !command.isDead
        {
            pids.insert(command.pid)
        }
        processes = pids.sorted().compactMap { RunningProcess($0) }
    }

    /// Whether a second reading may well show something else.
    private static func isSuspicious(_ owner: LockOwner, _ reading: LockReading) -> Bool {
        switch owner {
        case .nobody: reading.published != nil
        case .deployment: false
        case .unrecorded(_, let facts): facts == nil
        case .runningOrphan, .leftBehind, .deadOrphan, .unreadable: true
        }
    }

    /// Whether it shows the same trouble as an earlier reading, made by the same processes.
    private static func isSame(
        _ now: (owner: LockOwner, reading: LockReading),
        _ before: (owner: LockOwner, reading: LockReading)
    ) -> Bool {
        let (processes, earlier) = (
            Set(now.reading.holding.processes), Set(before.reading.holding.processes)
        )
        return now.owner.condition == before.owner.condition
            && now.owner.facts == before.owner.facts
            && now.reading.taker == before.reading.taker
            && (processes.isEmpty && earlier.isEmpty || !processes.isDisjoint(with: earlier))
    }

    private static let mostLooks = 10
    private static let pauseMicroseconds: UInt32 = 20_000
}

extension LockState {
    /// Since when others are kept out, wall clock in µs; nil when the lock is free or nobody knows.
    package var heldSinceUs: Int64? {
        switch owner.condition {
        case .free, .deadOrphan, nil: nil
        case .held, .runningOrphan: owner.facts?.heldSinceUs
        case .stranger: processes.map(\.startedAtUs).min()
        }
    }

    /// For how long the lock had been taken when this was seen, in µs; nil when it is free or nobody
    /// knows.
    package var heldForUs: Int64? {
        // Somebody may have set the clock back.
        heldSinceUs.map { max(0, lookedAtUs - $0) }
    }

    /// The number of the deployment that one who waits will step aside for if nothing changes.
    package func covering(_ waiter: Waiter) -> Int64? {
        guard let facts = waiter.facts, facts.stepsAside == true else { return nil }
        return waiting.last { $0.facts?.covers(facts) == true }?.number
    }
}
