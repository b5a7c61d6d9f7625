import Glibc
import SystemCalls

/// A call of the wrapper by a command that already runs under the same lock.
public struct NestedCall: ~Copyable {
    /// The facts of the deployment we run under.
    public let outer: HolderInfo
    /// Keeps it from letting go of the lock before we do; nil when its ticket is gone.
    private let mark: InnerMark?

    /// Nil when we do not run under a deployment with this lock, or when it is about to end.
    ///
    /// Either the environment names the lock and an inherited descriptor proves that it is held,
    /// or the holder, its wrapper or its command, is our ancestor (a command such as sudo closes
    /// descriptors and clears the environment). Tickets of others prove nothing.
    public init?(in queue: WaitQueue, heldLockNamed: String?, deploymentNamed: String?) {
        let tickets = (try? queue.tickets()) ?? []
        if heldLockNamed == queue.paths.lockFile,
            HoldingProcesses.isExclusiveHolder(getpid(), of: queue.paths.lockFile)
        {
            for file in tickets where deploymentNamed != nil {
                guard let facts = file.text().facts, facts.deployment == deploymentNamed else {
                    continue
                }
                self.init(in: facts, file)
                return
            }
            // The lock is ours all the same; whose else it is, nobody can say any more.
            self.init(outer: HolderInfo(), mark: nil)
            return
        }
        if tickets.isEmpty { return nil }
        let ancestors = ProcessIdentity.ancestors().map(\.pid).filter { $0 != 1 }
        for file in tickets {
            let (text, owner) = file.read()
            guard let facts = text.facts, facts.acquiredAtUs != nil, let owner else {
                // Nobody gets the lock before a live ticket that has not got it.
                if file.isLive { return nil }
                continue
            }
            let holder = [facts.process, facts.commandProcess].compactMap(\.self).first {
                ancestors.contains($0.pid) && $0.isAlive && Self.isCredible(owner, about: $0)
            }
            guard holder != nil, KernelLocks.locker(of: queue.paths.lockFile) != nil else {
                continue
            }
            self.init(in: facts, file)
            return
        }
        return nil
    }

    private init?(in outer: HolderInfo, _ ticket: TicketFile) {
        guard let mark = InnerMark(on: ticket) else { return nil }
        self.init(outer: outer, mark: mark)
    }

    private init(outer: HolderInfo, mark: consuming InnerMark?) {
        self.outer = outer
        self.mark = mark
    }

    /// Whether a user's word about a process counts: his own, ours or root's.
    private static func isCredible(_ owner: uid_t, about process: ProcessIdentity) -> Bool {
        if owner == 0 || owner == geteuid() { return true }
        return (try? FileSystem.status("/proc/\(process.pid)").uid) == owner
    }
}
