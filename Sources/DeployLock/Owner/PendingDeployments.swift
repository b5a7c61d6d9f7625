import Glibc

/// Those who have a lock or wait for it, as a newcomer sees them who holds the queue's gate: nobody
/// can join them meanwhile, so a decision made on their number holds.
package struct PendingDeployments: Sendable {
    /// The live tickets, next in line first; the first one may have the lock.
    package let tickets: [TicketFile]
    /// Whoever has the lock, or has to be waited for, without a live ticket.
    package let unlisted: LockOwner?

    /// How many there are; only what is alive counts.
    package var count: Int { tickets.count + (unlisted == nil ? 0 : 1) }

    /// Looks who comes before the deployment with this number.
    ///
    /// - Parameter limit: the number of them that matters. One without a ticket is looked for only
    ///   when it can make the difference, or has to be named.
    package init(before number: Int64, in queue: WaitQueue, limit: Int) throws(LockError) {
        let all: [TicketFile]
        do {
            all = try queue.tickets(below: number)
        } catch {
            throw .unusable(error, directory: queue.paths.directory)
        }
        let live = all.filter(\.isLive)
        tickets = live
        guard live.count + 1 >= limit else {
            unlisted = nil
            return
        }
        // We have the gate locked ourselves. Where the kernel's list does not show that, the file
        // system gives other device numbers there, and only the open files tell.
        let isListed = KernelLocks.locker(of: queue.paths.gateFile) != nil
        let owner = LockOwner(try LockReading(of: queue, looksIntoProcesses: !isListed))
        switch owner {
        case .nobody, .deadOrphan: unlisted = nil
        case .deployment, .runningOrphan, .leftBehind, .unrecorded, .unreadable:
            let ticket = owner.claim?.ticket
            unlisted = ticket.map(live.contains) == true ? nil : owner
        }
    }
}
