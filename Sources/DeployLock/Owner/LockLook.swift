import Glibc
import Processes
import SystemCalls

/// One look at a lock and its queue, step by step; see `LockState`.
struct LockLook {
    let condition: LockState.Condition
    /// The process that took the lock, alive or not, as far as the kernel tells.
    let locker: pid_t?
    let holding: HoldingProcesses
    let processes: [RunningProcess]
    let waiting: [LockState.Waiter]
    let died: [HolderInfo]
    let unprovenFacts: HolderInfo?

    /// Whether a second look may well see something else.
    var isSuspicious: Bool {
        switch condition {
        case .free, .held: unprovenFacts != nil
        case .runningOrphan, .deadOrphan, .stranger: true
        }
    }

    /// Whether it shows the same trouble as an earlier look, made by the same processes.
    func confirms(_ earlier: LockLook) -> Bool {
        let now = Set(holding.processes)
        let before = Set(earlier.holding.processes)
        return condition == earlier.condition && locker == earlier.locker
            && (now.isEmpty && before.isEmpty || !now.isDisjoint(with: before))
    }

    init(_ paths: LockPaths, isConcluded: ([String]) -> Bool) throws(LockError) {
        try LockFile.requireUsable(paths)
        let tickets = try Tickets(paths, isConcluded: isConcluded)
        locker = KernelLocks.locker(of: paths.lockFile)
        holding = HoldingProcesses(ofLockAt: paths.lockFile)
        let evidence = Evidence(
            locker: locker, holding: holding,
            isHeldUnseen: locker == nil && holding.processes.isEmpty
                && LockFile.isHeldUnseen(paths.lockFile),
            tickets: tickets,
            info: HolderInfo(publishedAt: paths.infoFile))
        condition = evidence.condition
        unprovenFacts = condition == .free ? evidence.info : nil
        var holder: HolderInfo?
        switch condition {
        case .held(let facts), .runningOrphan(let facts): holder = facts
        case .free, .deadOrphan, .stranger: break
        }
        var pids = Set(holding.processes.map(\.pid))
        if holding.processes.isEmpty, let locker { pids.insert(locker) }
        // One that has locked the file already and waits on keeps nobody out.
        pids.subtract(
            tickets.live.compactMap(\.facts).filter { $0 != holder }.compactMap(\.pid))
        if let keeper = holder?.keeper?.pid { pids.remove(keeper) }
        if case .runningOrphan(let facts) = condition, let command = facts.commandProcess,
            command.isOfOurNamespace, !command.isDead
        {
            pids.insert(command.pid)
        }
        processes = pids.sorted().compactMap { RunningProcess($0) }
        waiting = tickets.live.filter { holder == nil || $0.facts != holder }.map {
            LockState.Waiter(
                number: $0.file.number, facts: $0.facts,
                process: $0.facts?.pid.flatMap { RunningProcess($0) })
        }
        died = tickets.died
    }
}

/// The tickets of a queue, sorted by what became of their owners.
private struct Tickets {
    /// All that are there.
    let files: [TicketFile]
    /// Of those who hold or want the lock.
    var live: [SeenTicket] = []
    /// Facts of those who had the lock and are dead.
    var deadHolders: [(facts: HolderInfo, isConcluded: Bool)] = []
    /// Facts of all who are dead and did not say how they ended.
    var died: [HolderInfo] = []

    init(_ paths: LockPaths, isConcluded: ([String]) -> Bool) throws(LockError) {
        files = try WaitQueue(paths).ticketsToJudge()
        for file in files {
            let ticket = SeenTicket(file)
            if ticket.isLive {
                live.append(ticket)
                continue
            }
            // One that has let go of its ticket and still lives is finishing its last step.
            guard let facts = ticket.facts, facts.process?.isAlive != true,
                facts.keeper?.isAlive != true
            else { continue }
            let isConcluded = isConcluded(ticket.text.entries)
            if ticket.hasAcquired { deadHolders.append((facts, isConcluded)) }
            if !isConcluded { died.append(facts) }
        }
    }
}

/// All that is known about who has a lock, and what follows from it.
private struct Evidence {
    let locker: pid_t?
    let holding: HoldingProcesses
    let isHeldUnseen: Bool
    let tickets: Tickets
    let info: HolderInfo?

    var condition: LockState.Condition {
        let live = tickets.live.lazy.compactMap(\.facts)
        if let facts = live.first(where: { $0.acquiredAtUs != nil }) {
            // Its ticket is alive although the wrapper is not: its keeper has both.
            return facts.process?.isDead == true ? .runningOrphan(facts) : .held(facts)
        }
        let early = live.first(where: hasTakenIt)
        let isLocked = locker != nil || !holding.processes.isEmpty || isHeldUnseen
        // Who locks the file may still have to wait for a command that closed it.
        if early != nil || !isLocked, let hidden = hiddenCondition { return hidden }
        if let early { return .held(early) }
        if isLocked { return lockedCondition }
        if let dead = tickets.deadHolders.last(where: { !$0.isConcluded }) {
            return .deadOrphan(dead.facts)
        }
        if let info, info.isProvablyDead { return .deadOrphan(info) }
        return .free
    }

    /// Somebody has it of whom the kernel knows no lock.
    private var hiddenCondition: LockState.Condition? {
        for dead in tickets.deadHolders where dead.facts.survivingCommand != nil {
            return .runningOrphan(dead.facts)
        }
        guard let info, info.acquiredAtUs != nil, !tickets.files.contains(where: { $0.isOf(info) })
        else { return nil }
        // Lock file and queue may have been removed under it; the next one waits all the same.
        if info.process?.isAlive == true { return .held(info) }
        if info.keeper?.isAlive == true { return .runningOrphan(info) }
        return info.survivingCommand != nil ? .runningOrphan(info) : nil
    }

    /// Nobody in the queue has it, and yet the kernel knows of a lock.
    private var lockedCondition: LockState.Condition {
        // The one who took it lives: then it is nobody's inheritance.
        if let locker, isAmongHolders(locker) {
            if let info, info.pid == locker, !info.isProvablyDead { return .held(info) }
            return .stranger
        }
        if let dead = tickets.deadHolders.last { return .runningOrphan(dead.facts) }
        guard let info else { return .stranger }
        // The queue may have been removed; then the published facts are all there is.
        if !info.isProvablyDead {
            let pids = holding.processes.map(\.pid)
            return info.pid.map(pids.contains) == true ? .held(info) : .stranger
        }
        return locker == nil || info.pid == locker ? .runningOrphan(info) : .stranger
    }

    /// Whether the kernel says that a live ticket's owner has the lock; it has had no time to write
    /// it down.
    private func hasTakenIt(_ facts: HolderInfo) -> Bool {
        guard let pid = facts.pid else { return false }
        return pid == locker || holding.processes.contains { $0.pid == pid }
    }

    private func isAmongHolders(_ pid: pid_t) -> Bool {
        if holding.processes.contains(where: { $0.pid == pid }) { return true }
        // Of another user's process we see only that it runs.
        return holding.isIncomplete && ProcessIdentity(running: pid) != nil
    }
}
