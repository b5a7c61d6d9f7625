package import Glibc
package import Processes
import SystemCalls

/// Who keeps a lock from others, with all that a forced unlock has to know of it.
package struct LockOccupant: Hashable, Sendable {
    /// In which way it is kept.
    package enum Kind: String, Hashable, Sendable {
        /// By a deployment whose wrapper lives.
        case holder
        /// By the command of a deployment whose wrapper died, or by its keeper.
        case runningOrphan = "running_orphan"
        /// By a process that a deployment started and left behind; neither its wrapper nor its
        /// command lives.
        case leftBehind = "left_behind"
        /// By nobody: the deployment died, and its facts remain.
        case deadOrphan = "dead_orphan"
        /// By a process that took the lock without us.
        case stranger
    }

    /// In which way it is kept.
    package let kind: Kind
    /// The deployment, as far as it is known; of a stranger nothing.
    package let facts: HolderInfo?
    /// Whose word the facts are.
    package let author: uid_t?
    /// The deployment's ticket; nil when it has none, or when somebody removed it.
    package let ticket: TicketFile?
    /// Where wrapper and keeper read how it was ended: the ticket, removed or not.
    package let wrapperTicket: TicketFile?
    /// The wrapper, while it lives.
    package let wrapper: ProcessIdentity?
    /// The process between wrapper and command, while it lives.
    package let keeper: ProcessIdentity?
    /// Those that have the lock on behalf of the command and let go of it when that has ended.
    package var guardians: [ProcessIdentity] { [wrapper, keeper].compactMap(\.self) }
    /// The other processes that have to end before the lock is free, in the order of their pids.
    package let processes: [ProcessIdentity]
    /// Whether there may be more that we are not allowed to see.
    package let isIncomplete: Bool
    /// Those who wait, in their order.
    package let waiting: [TicketFile]

    /// The number of the file that is locked, as `ForcedMark` wants it.
    package var inode: Int64? { file.map { Int64(truncatingIfNeeded: $0.inode) } }
    /// Whose lock it is by the kernel's word: who took it, if it lives or not.
    package var locker: pid_t? { lockers.min() }

    /// The file that is locked; nil when there is none.
    let file: FileStatus.Identity?
    /// The processes that took the lock; see `HoldingProcesses`.
    let lockers: Set<pid_t>

    /// Looks at a lock; nil when it is free and nothing of a dead deployment remains.
    ///
    /// - Throws: when it is unknown who holds the lock.
    package init?(of queue: WaitQueue) throws(LockError) {
        try LockFile.requireUsable(queue.paths)
        let tickets = try queue.ticketsToJudge().map { SeenTicket($0) }
        let path = queue.paths.lockFile
        file = try? FileSystem.status(path, followingLinks: false).identity
        let seen = HoldingProcesses(of: file, takenBy: nil)
        let locks = KernelLocks()
        let allLockers = seen.lockers.union(locks.taker(of: path).map { [$0] } ?? [])
        let owner = Self.owner(tickets, locks, allLockers, seen.processes, queue)
        waiting = tickets.filter { $0.isLive && $0.file != owner?.file }.map(\.file)
        // The first in line locks the file before it waits for a command that closed it: the lock
        // is not what it waits for, and it must not be ended.
        let early =
            owner == nil
            ? []
            : tickets.filter { $0.isLive && $0.file != owner?.file }
                .compactMap(\.facts?.pid)
        lockers = allLockers.subtracting(early)
        let holding =
            lockers == allLockers ? seen : HoldingProcesses(of: file, takenBy: lockers)
        let isHeld = !lockers.isEmpty
        let wrapper = owner.flatMap { owner in
            owner.facts?.process.flatMap { $0.isAlive && owner.isCredible(about: $0) ? $0 : nil }
        }
        func credible(_ process: ProcessIdentity?) -> ProcessIdentity? {
            process.flatMap {
                $0.isOfOurNamespace && $0.isAlive && owner?.isCredible(about: $0) == true ? $0 : nil
            }
        }
        let keeper = credible(owner?.facts?.keeper)
        let command = credible(owner?.facts?.commandProcess)
        if owner?.isLive == true {
            kind = owner?.facts?.process?.isDead == true ? .runningOrphan : .holder
        } else if command != nil {
            kind = .runningOrphan
        } else if owner != nil {
            kind = isHeld ? .leftBehind : .deadOrphan
        } else if isHeld {
            kind = .stranger
        } else {
            return nil
        }
        facts = owner?.facts
        author = owner?.user
        ticket = owner?.file
        self.wrapper = wrapper
        self.keeper = keeper
        wrapperTicket =
            owner?.file
            ?? (wrapper ?? keeper).flatMap { guardian in
                owner?.facts.flatMap { TicketFile(of: $0, openIn: guardian) }
            }
        let roots = holding.processes + [command].compactMap(\.self)
        processes = Set(roots + ProcessIdentity.descendants(of: [command].compactMap(\.self)))
            .subtracting([wrapper, keeper].compactMap(\.self))
            .sorted { $0.pid < $1.pid }
        isIncomplete = holding.isIncomplete
    }

    /// Whether it is the same deployment or the same lock of the same processes.
    package func isSame(as other: LockOccupant?) -> Bool {
        guard let other, other.file == file else { return false }
        if let deployment = facts?.deployment { return other.facts?.deployment == deployment }
        return other.facts?.deployment == nil && other.lockers == lockers
    }

    private struct Owner {
        var file: TicketFile?
        var facts: HolderInfo?
        /// Who wrote the facts.
        var user: uid_t?
        var isLive = false

        init(file: TicketFile? = nil, facts: HolderInfo?, user: uid_t?, isLive: Bool = false) {
            (self.file, self.facts, self.user, self.isLive) = (file, facts, user, isLive)
        }

        init(_ ticket: SeenTicket) {
            self.init(
                file: ticket.file, facts: ticket.facts, user: ticket.user, isLive: ticket.isLive)
        }

        /// Whether the facts count for a process: anybody may have put them there, and nobody shall
        /// have another user's processes ended by that.
        func isCredible(about process: ProcessIdentity) -> Bool {
            Credibility.isTrue(of: user, about: process)
        }
    }

    /// The deployment the lock belongs to: of a live ticket that has it, else of one whose owner
    /// died with it, else the one whose published facts fit although its ticket was removed, else
    /// the one that is about to say that it has it, else the one that the environment of the holding
    /// processes names, else, while nobody holds the lock, the one whose published facts were left.
    private static func owner(
        _ tickets: [SeenTicket], _ locks: KernelLocks, _ lockers: Set<pid_t>,
        _ holding: [ProcessIdentity], _ queue: WaitQueue
    ) -> Owner? {
        let holders = tickets.filter { $0.hasAcquired && !$0.text.hasEnded }
        // The kernel has the last word about who took it.
        let taker = locks.taker(of: queue.paths.lockFile)
        func hasTaken(_ ticket: SeenTicket) -> Bool {
            if let taker, locks.taker(of: ticket.file.path) == taker { return true }
            return ticket.facts?.process?.isOfOurNamespace != false
                && ticket.facts?.pid.map(lockers.contains) == true
        }
        let live = holders.first { $0.isLive && (lockers.isEmpty || hasTaken($0)) }
        if let live { return Owner(live) }
        let dead = holders.filter { $0.facts?.process?.isAlive != true }
        // Somebody else may have taken the lock since, such as flock(1).
        let orphan =
            dead.last { $0.facts?.survivingCommand != nil }
            ?? dead.last.flatMap {
                hasTaken($0) ? $0 : nil
            }
        if let orphan { return Owner(orphan) }
        // Or has told its end and is about to let go.
        let early = tickets.first { $0.isLive && hasTaken($0) }
        if lockers.isEmpty || early != nil
            || HolderInfo(publishedAt: queue.paths.infoFile)?
                .pid.map(lockers.contains) == true
        {
            if let unlisted = unlisted(queue) { return unlisted }
        }
        if let early { return Owner(early) }
        if lockers.isEmpty { return dead.last.map { Owner($0) } ?? leftInfo(queue) }
        return holding.lazy.compactMap { starter(of: $0.pid, queue) }.first
    }

    /// The deployment that started a process, by the environment it was given.
    private static func starter(of pid: pid_t, _ queue: WaitQueue) -> Owner? {
        guard ProcessIdentity.variable("DEPLOY_LOCK_FILE", of: pid) == queue.paths.lockFile,
            let deployment = ProcessIdentity.variable("DEPLOY_ID", of: pid)
        else { return nil }
        var facts = HolderInfo()
        facts.deployment = deployment
        facts.number = ProcessIdentity.variable("DEPLOY_NUMBER", of: pid).flatMap { Int64($0) }
        let user = try? FileSystem.status("/proc/\(pid)").uid
        return Owner(facts: facts, user: user)
    }

    /// A deployment that goes on although somebody removed its ticket: its published facts tell.
    private static func unlisted(_ queue: WaitQueue) -> Owner? {
        guard let owner = publishedOwner(queue), let facts = owner.facts,
            facts.acquiredAtUs != nil,
            owner.isLive || facts.process != nil && facts.survivingCommand != nil
        else { return nil }
        // Facts are published later than the ticket and withdrawn sooner. What has neither a
        // ticket nor been withdrawn by now has none.
        let listed = ((try? queue.tickets()) ?? []) + queue.abandoned()
        guard !listed.contains(where: { $0.isOf(facts) }),
            HolderInfo(publishedAt: queue.paths.infoFile) == facts
        else { return nil }
        return owner
    }

    private static func leftInfo(_ queue: WaitQueue) -> Owner? {
        // In doubt it is not dead, see `LockState.unprovenFacts`.
        publishedOwner(queue).flatMap { $0.facts?.isProvablyDead == true ? $0 : nil }
    }

    private static func publishedOwner(_ queue: WaitQueue) -> Owner? {
        let path = queue.paths.infoFile
        guard let info = HolderInfo(crediblyPublishedAt: path) else { return nil }
        let user = try? FileSystem.status(path, followingLinks: false).uid
        return Owner(
            facts: info, user: user,
            isLive: info.process?.isAlive == true || info.keeper?.isAlive == true)
    }
}
