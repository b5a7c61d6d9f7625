import Glibc
import Processes
package import SystemCalls

/// Those who have a lock or wait for it, as a newcomer sees them who holds the queue's gate: nobody
/// can join them meanwhile, so a decision made on their number holds.
package struct PendingDeployments: Sendable {
    /// The live tickets, next in line first; the first one may have the lock.
    package let tickets: [TicketFile]
    /// Whoever has the lock without a live ticket: a process that took it without us, or what a
    /// deployment left running whose wrapper died.
    package let unlisted: LockHolder?

    /// How many there are; only what is alive counts.
    package var count: Int { tickets.count + (unlisted == nil ? 0 : 1) }

    /// Looks who comes before the deployment with this number.
    ///
    /// - Parameter limit: the number of them that matters. One without a ticket is looked for only
    ///   when it can make the difference, or has to be named.
    package init(before number: Int64, in queue: WaitQueue, limit: Int) throws(SystemError) {
        let all = try queue.tickets(below: number)
        tickets = all.filter(\.isLive)
        unlisted =
            tickets.count + 1 < limit
            ? nil : LockHolder.withoutTicket(in: queue, listed: tickets, all: all)
    }
}

extension LockHolder {
    /// Whoever has a lock, or has to be waited for before it can be used, without being one of the
    /// `listed` tickets; nil when there is nobody.
    static func withoutTicket(
        in queue: WaitQueue, listed: [TicketFile], all: [TicketFile]
    ) -> LockHolder? {
        let facts = listed.compactMap { $0.text().facts }
        if facts.contains(where: { $0.acquiredAtUs != nil }) { return nil }
        let isLeft = all.contains { $0.text().facts?.survivingCommand != nil }
        if isLeft || isLocked(queue, byOtherThan: facts.compactMap(\.pid)) {
            return behind(.lockFile, queue: queue)
        }
        // Lock file and queue may have been removed under it.
        guard let info = HolderInfo(crediblyPublishedAt: queue.paths.infoFile),
            info.acquiredAtUs != nil,
            !all.contains(where: { $0.number == info.number }), let process = info.process
        else { return nil }
        let isAbandoned = queue.abandoned().contains { $0.number == info.number }
        return isAbandoned || !process.isAlive ? nil : .deployment(info)
    }

    /// Whether the kernel knows of a lock that none of these processes took: a live ticket whose
    /// owner has it already may not say so yet.
    private static func isLocked(_ queue: WaitQueue, byOtherThan pids: [pid_t]) -> Bool {
        if let locker = KernelLocks.locker(of: queue.paths.lockFile) {
            return !pids.contains(locker)
        }
        // We have the gate locked ourselves. Where the kernel's list does not show that, the file
        // system gives other device numbers there, and only the open files tell.
        if KernelLocks.locker(of: queue.paths.gateFile) != nil { return false }
        return HoldingProcesses(ofLockAt: queue.paths.lockFile).lockers.contains {
            !pids.contains($0)
        }
    }
}
