package import Glibc
package import Processes
package import SystemCalls

/// What kernel, queue, published facts and ledger say of a lock at one moment, without judgement.
///
/// The lock file itself is not locked for that where anything else tells: a deployment that asks
/// for it in the same moment must not be refused because somebody looked.
package struct LockReading: Sendable {
    /// The tickets, lowest number first.
    package var tickets: [LockClaim] = []
    /// What was published beside the lock; nil when there is nothing credible.
    package var published: LockClaim?
    /// Whether neither a ticket nor an abandoned one belongs to what was published.
    package var isPublishedWithoutTicket = false
    /// Those who have the lock by the ledger, while they live and were not abandoned.
    package var recorded: [ProcessIdentity] = []
    /// The file that has the lock's name; nil when there is none.
    package var file: FileStatus.Identity?
    /// The process that took the lock, alive or not, as far as the kernel's list shows it.
    package var taker: pid_t?
    /// The processes that hold it.
    package var holding = HoldingProcesses()
    /// Whether one that took it has it still, and did not pass it on and die.
    package var takerLives = false
    /// Whether it is held although neither list shows by whom.
    package var isHeldUnseen = false
    /// The deployments that started the processes which hold it.
    package var starters: [LockClaim] = []

    /// Nothing seen yet.
    package init() {}

    /// Reads all there is.
    ///
    /// - Parameters:
    ///   - isConcluded: whether the entries of a ticket tell how its deployment ended.
    ///   - recorded: wrappers that have the lock by the ledger.
    ///   - looksIntoProcesses: whether every process is asked for the lock where the kernel's list
    ///     does not show it.
    /// - Throws: when the queue or the lock file cannot be read, and so nothing can be said.
    package init(
        of queue: WaitQueue, recorded: [ProcessIdentity] = [], looksIntoProcesses: Bool = true,
        isConcluded: ([String]) -> Bool = { _ in false }
    ) throws(LockError) {
        try LockFile.requireUsable(queue.paths)
        let files: [TicketFile]
        do {
            files = try queue.tickets()
        } catch {
            throw .unusable(error, directory: queue.paths.directory)
        }
        tickets = files.map { LockClaim($0, isConcluded: isConcluded) }
        let path = queue.paths.lockFile
        file = try? FileSystem.status(path, followingLinks: false).identity
        let locks = KernelLocks()
        taker = locks.taker(of: path)
        for index in tickets.indices where tickets[index].isLive || tickets[index].hasAcquired {
            tickets[index].taker = tickets[index].ticket.flatMap { locks.taker(of: $0.path) }
        }
        if looksIntoProcesses {
            holding = HoldingProcesses(of: file, takenBy: nil)
            isHeldUnseen =
                taker == nil && holding.processes.isEmpty && LockFile.isHeldUnseen(path)
            starters = holding.processes.compactMap { LockClaim.starter(of: $0.pid, lock: path) }
        }
        takerLives = lockers.contains(where: holds)
        (published, isPublishedWithoutTicket) = Self.published(in: queue, files)
        self.recorded = recorded.filter {
            $0 != .current && $0.isAlive && !queue.hasAbandoned($0)
        }
    }

    /// A deployment that goes on although its ticket was removed, by what it published.
    static func unlisted(in queue: WaitQueue) throws(SystemError) -> LockClaim? {
        let (claim, hasNoTicket) = published(in: queue, try queue.tickets())
        guard let claim, hasNoTicket, claim.processInTheWay != nil else { return nil }
        return claim
    }

    private static func published(
        in queue: WaitQueue, _ files: [TicketFile]
    ) -> (LockClaim?, hasNoTicket: Bool) {
        guard let claim = LockClaim.published(at: queue.paths.infoFile), let facts = claim.facts
        else { return (nil, false) }
        func isListed(_ files: [TicketFile]) -> Bool { files.contains { $0.isOf(facts) } }
        if isListed(files) { return (claim, false) }
        // Facts are published later than the ticket and withdrawn sooner. What has neither a
        // ticket nor been withdrawn by now has none.
        let listed = ((try? queue.tickets()) ?? []) + queue.abandoned()
        let isThere =
            DeploymentFacts(publishedAt: queue.paths.infoFile)?.deployment == facts.deployment
        return (claim, isThere && !isListed(listed))
    }
}

extension LockReading {
    /// The processes that took the lock, as far as anything shows them; 0 is one that cannot be
    /// named here.
    package var lockers: Set<pid_t> { holding.lockers.union(taker.map { [$0] } ?? []) }

    /// Whether the kernel knows of a lock on the file.
    package var isLocked: Bool { !lockers.isEmpty || isHeldUnseen }

    /// Whether the kernel says that a ticket's deployment took the lock file, too.
    func hasTaken(_ claim: LockClaim) -> Bool {
        if let taker, claim.taker == taker { return true }
        guard let facts = claim.facts, let pid = facts.pid,
            facts.process?.isOfOurNamespace != false
        else { return false }
        return lockers.contains(pid) || holding.processes.contains { $0.pid == pid }
    }

    /// Whether a process that took the lock has it still, and did not pass it on and die.
    private func holds(_ pid: pid_t) -> Bool {
        if pid == 0 { return false }
        if holding.processes.contains(where: { $0.pid == pid }) { return true }
        // Of another user's process we see only that it runs.
        return (holding.isIncomplete || holding.processes.isEmpty)
            && ProcessIdentity(running: pid) != nil
    }
}
