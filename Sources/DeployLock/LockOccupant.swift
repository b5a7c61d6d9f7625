public import Glibc
import SystemCalls

/// Who keeps a lock from others, with all that a forced unlock has to know of it.
public struct LockOccupant: Hashable, Sendable {
    /// In which way it is kept.
    public enum Kind: String, Hashable, Sendable {
        /// By a deployment whose wrapper lives.
        case holder
        /// By the command of a deployment whose wrapper died.
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
    public let kind: Kind
    /// The deployment, as far as it is known; of a stranger nothing.
    public let facts: HolderInfo?
    /// The deployment's ticket.
    public let ticket: TicketFile?
    /// The wrapper, while it lives.
    public let wrapper: ProcessIdentity?
    /// The other processes that have to end before the lock is free, in the order of their pids.
    public let processes: [ProcessIdentity]
    /// Whether there may be more that we are not allowed to see.
    public let isIncomplete: Bool
    /// Those who wait, in their order.
    public let waiting: [TicketFile]

    /// The number of the file that is locked, as `ForcedMark` wants it.
    public var inode: Int64? { file.map { Int64(truncatingIfNeeded: $0.inode) } }
    /// Whose lock it is by the kernel's word: who took it, if it lives or not.
    public var locker: pid_t? { lockers.min() }

    /// The file that is locked; nil when there is none.
    let file: FileStatus.Identity?
    /// The processes that took the lock; see `HoldingProcesses`.
    let lockers: Set<pid_t>

    /// Looks at a lock; nil when it is free and nothing of a dead deployment remains.
    public init?(of queue: WaitQueue) {
        let tickets = ((try? queue.tickets()) ?? []).map {
            Seen($0)
        }
        let path = queue.paths.lockFile
        file = try? FileSystem.status(path, followingLinks: false).identity
        let holding = HoldingProcesses(of: file, takenBy: nil)
        lockers = holding.lockers.union(KernelLocks.locker(of: path).map { [$0] } ?? [])
        let owner = Self.owner(tickets, lockers, holding.processes, queue)
        let isHeld = !lockers.isEmpty
        let wrapper = owner.flatMap { owner in
            owner.facts?.process.flatMap { $0.isAlive && owner.isCredible(about: $0) ? $0 : nil }
        }
        let command =
            owner?.facts.flatMap { facts in
                wrapper == nil ? facts.survivingCommand : facts.commandProcess
            }
            .flatMap { $0.isAlive && owner?.isCredible(about: $0) == true ? $0 : nil }
        if owner?.isLive == true {
            kind = .holder
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
        ticket = owner?.file
        self.wrapper = wrapper
        let roots = holding.processes + [command].compactMap(\.self)
        processes = Set(roots + ProcessIdentity.descendants(of: [command].compactMap(\.self)))
            .subtracting([wrapper].compactMap(\.self))
            .sorted { $0.pid < $1.pid }
        isIncomplete = holding.isIncomplete
        waiting = tickets.filter { $0.isLive && $0.file != owner?.file }.map(\.file)
    }

    /// Whether it is the same deployment or the same lock of the same processes.
    public func isSame(as other: LockOccupant?) -> Bool {
        guard let other, other.file == file else { return false }
        if let deployment = facts?.deployment { return other.facts?.deployment == deployment }
        return other.facts?.deployment == nil && other.lockers == lockers
    }

    private struct Seen {
        var file: TicketFile
        var text: TicketText
        var isLive: Bool
        var user: uid_t?

        init(_ file: TicketFile) {
            self.file = file
            // First whether it lives: until its end a process may add to its text.
            isLive = file.isLive
            (text, user) = file.read()
        }

        var owner: Owner { Owner(file: file, facts: text.facts, user: user, isLive: isLive) }
    }

    private struct Owner {
        var file: TicketFile?
        var facts: HolderInfo?
        /// Who wrote the facts.
        var user: uid_t?
        var isLive = false

        /// Whether the facts count for a process: anybody may have put them there, and nobody shall
        /// have another user's processes ended by that.
        func isCredible(about process: ProcessIdentity) -> Bool {
            if user == 0 || user == User.effectiveID { return true }
            return user != nil
                && (try? FileSystem.status("/proc/\(process.pid)").uid) == user
        }
    }

    /// The deployment the lock belongs to: of a live ticket that has it, else of one whose owner
    /// died with it, else the one that the environment of the holding processes names, else, while
    /// nobody holds the lock, the one whose published facts were left.
    private static func owner(
        _ tickets: [Seen], _ lockers: Set<pid_t>, _ holding: [ProcessIdentity], _ queue: WaitQueue
    ) -> Owner? {
        let holders = tickets.filter { $0.text.facts?.acquiredAtUs != nil && !$0.text.hasEnded }
        // The kernel has the last word about who took it.
        let live = holders.first { ticket in
            ticket.isLive
                && (lockers.isEmpty || ticket.text.facts?.pid.map(lockers.contains) == true)
        }
        if let live { return live.owner }
        let dead = holders.last { $0.text.facts?.process?.isAlive != true }
        let survivor = dead?.text.facts?.survivingCommand
        if lockers.isEmpty {
            return dead?.owner ?? leftInfo(queue)
        }
        // Somebody else may have taken the lock since, such as flock(1).
        if let dead, let pid = dead.text.facts?.pid,
            survivor != nil || lockers.contains(pid)
        {
            return dead.owner
        }
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
        return Owner(file: nil, facts: facts, user: user)
    }

    private static func leftInfo(_ queue: WaitQueue) -> Owner? {
        guard var info = HolderInfo(publishedAt: queue.paths.infoFile) else { return nil }
        // A deployment publishes its facts only while it has the lock, but its last step may be
        // under way.
        if info.process?.isAlive == true { return nil }
        let user = try? FileSystem.status(queue.paths.infoFile, followingLinks: false).uid
        // Only those who could close a deployment anyway may name one.
        if user != 0, user != User.effectiveID { info.deployment = nil }
        return Owner(file: nil, facts: info, user: user)
    }
}
