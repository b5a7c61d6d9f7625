package import Glibc
package import Processes
import SystemCalls

/// Whoever has a lock, with all that a forced unlock has to know of it.
package struct UnlockTarget: Hashable, Sendable {
    /// Who has the lock.
    package let owner: LockOwner
    /// Where wrapper and keeper read how the deployment was ended: its ticket, removed or not.
    package let wrapperTicket: TicketFile?
    /// The wrapper, while it lives.
    package let wrapper: ProcessIdentity?
    /// The process between wrapper and command, while it lives.
    package let keeper: ProcessIdentity?
    /// The other processes that have to end before the lock is free, in the order of their pids.
    package let processes: [ProcessIdentity]
    /// Whether there may be more that we are not allowed to see.
    package let isIncomplete: Bool
    /// Those who wait, in their order.
    package let waiting: [TicketFile]
    /// The file that is locked; nil when there is none.
    let file: FileStatus.Identity?
    /// The processes that took the lock; see `HoldingProcesses`.
    let lockers: Set<pid_t>
    private let isLocked: Bool

    /// Looks at a lock; nil when it is free and nothing of a dead deployment remains.
    ///
    /// - Parameter isConcluded: whether the entries of a ticket tell how its deployment ended.
    /// - Throws: when it is unknown who holds the lock.
    package init?(
        of queue: WaitQueue, isConcluded: ([String]) -> Bool
    ) throws(LockError) {
        let reading = try LockReading(of: queue, isConcluded: isConcluded)
        let owner = LockOwner(reading)
        switch owner {
        case .nobody: return nil
        case .unreadable(_, let error): throw .unusable(error, directory: queue.paths.directory)
        case .deployment, .runningOrphan, .leftBehind, .deadOrphan, .unrecorded: break
        }
        self.owner = owner
        let claim = owner.claim
        let others = reading.tickets.filter { $0.isLive && $0.ticket != claim?.ticket }
        waiting = others.compactMap(\.ticket)
        // The first in line locks the file before it waits for a command that closed it: the lock
        // is not what it waits for, and it must not be ended.
        let early = claim == nil ? [] : others.compactMap(\.facts?.pid)
        file = reading.file
        lockers = reading.lockers.subtracting(early)
        isLocked = !lockers.isEmpty || reading.isHeldUnseen
        let holding =
            lockers == reading.lockers
            ? reading.holding : HoldingProcesses(of: file, takenBy: lockers)
        isIncomplete = holding.isIncomplete
        wrapper = claim?.vouched(claim?.facts?.process)
        func vouchedHere(_ process: ProcessIdentity?) -> ProcessIdentity? {
            process?.isOfOurNamespace == true ? claim?.vouched(process) : nil
        }
        keeper = vouchedHere(claim?.facts?.keeper)
        let command = [vouchedHere(claim?.facts?.commandProcess)].compactMap(\.self)
        let guardians = [wrapper, keeper].compactMap(\.self)
        wrapperTicket =
            claim?.ticket
            ?? guardians.first.flatMap { guardian in
                claim?.facts.flatMap { TicketFile(of: $0, openIn: guardian) }
            }
        processes = Set(holding.processes + command + ProcessIdentity.descendants(of: command))
            .subtracting(guardians)
            .sorted { $0.pid < $1.pid }
    }
}

extension UnlockTarget {
    /// What is known of the deployment; of a process that is none, nothing.
    package var facts: DeploymentFacts? { owner.claim?.facts }

    /// Whose word the facts are.
    package var author: uid_t? { owner.claim?.author }

    /// The deployment's ticket; nil when it has none, or when somebody removed it.
    package var ticket: TicketFile? { owner.claim?.ticket }

    /// Those that have the lock on behalf of the command and let go of it when that has ended.
    package var guardians: [ProcessIdentity] { [wrapper, keeper].compactMap(\.self) }

    /// Whether there is nothing to end: the deployment is dead, or its command, if it runs, cannot
    /// be seen from here and has let go of the lock.
    package var hasNothingToEnd: Bool {
        switch owner {
        case .deadOrphan: true
        case .runningOrphan: processes.isEmpty && guardians.isEmpty && !isLocked
        default: false
        }
    }

    /// The number of the file that is locked, as `UnlockNotice` requires it.
    package var inode: Int64? { file.map { Int64(truncatingIfNeeded: $0.inode) } }

    /// Whose lock it is by the kernel's word: who took it, if it lives or not.
    package var locker: pid_t? { lockers.min() }

    /// Whether it is the same deployment or the same lock of the same processes.
    package func isSame(as other: UnlockTarget?) -> Bool {
        guard let other, other.file == file else { return false }
        if let deployment = facts?.deployment { return other.facts?.deployment == deployment }
        return other.facts?.deployment == nil && other.lockers == lockers
    }
}
