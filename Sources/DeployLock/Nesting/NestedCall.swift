import Glibc
import Processes
package import SystemCalls

/// A call of the wrapper by a command that already runs under the same lock.
package struct NestedCall: ~Copyable {
    /// The facts of the deployment we run under.
    package let outer: DeploymentFacts
    /// Keeps it from letting go of the lock before we do; nil when its ticket is gone.
    private let mark: NestedHold?

    /// The descriptor of the mark, for a keeper and a command to share; nil when there is none.
    package var markDescriptor: Int32? { mark?.rawDescriptor }

    /// Lets the outer deployment go on, even if our command left something behind that has the
    /// descriptor.
    package func end() { mark?.remove() }

    /// Takes over the mark of a wrapper that was lost, from its keeper.
    package init(in outer: DeploymentFacts, inheriting mark: consuming FileDescriptor?) {
        self.outer = outer
        if let mark {
            self.mark = NestedHold(inheriting: mark)
        } else {
            self.mark = nil
        }
    }

    /// Nil when we do not run under a deployment with this lock, or when it is about to end.
    ///
    /// Either the environment names the lock and an inherited descriptor proves that it is held,
    /// or the kernel does (a command such as sudo closes descriptors and clears the environment):
    /// whoever took the lock file took the ticket, too, and is above us, or the keeper that this
    /// ticket names is. What a ticket says alone proves nothing: anybody may have written it.
    ///
    /// - Throws: when the outer deployment is found and cannot be kept from ending before us.
    package init?(
        in queue: WaitQueue, heldLockNamed: String?, deploymentNamed: String?
    ) throws(SystemError) {
        let tickets = (try? queue.tickets()) ?? []
        if heldLockNamed == queue.paths.lockFile,
            HoldingProcesses.isExclusiveHolder(getpid(), of: queue.paths.lockFile)
        {
            for file in tickets where deploymentNamed != nil {
                guard let facts = file.text().facts, facts.deployment == deploymentNamed else {
                    continue
                }
                try self.init(in: facts, file)
                return
            }
            // The lock is ours all the same; whose else it is, nobody can say any more.
            self.init(outer: DeploymentFacts(), mark: nil)
            return
        }
        if tickets.isEmpty { return nil }
        let locks = KernelLocks()
        guard let taker = locks.taker(of: queue.paths.lockFile) else { return nil }
        let ancestors = ProcessIdentity.ancestors().map(\.pid).filter { $0 != 1 }
        for file in tickets where locks.taker(of: file.path) == taker {
            guard let facts = file.text().facts, facts.acquiredAtUs != nil else { continue }
            let isBelowKeeper =
                facts.keeper.map { ancestors.contains($0.pid) && $0.isAlive } ?? false
            guard isBelowKeeper || ancestors.contains(taker) && facts.process?.isDead == false
            else { continue }
            try self.init(in: facts, file)
            return
        }
        return nil
    }

    private init?(in outer: DeploymentFacts, _ ticket: TicketFile) throws(SystemError) {
        guard let mark = try NestedHold(on: ticket) else { return nil }
        self.init(outer: outer, mark: mark)
    }

    private init(outer: DeploymentFacts, mark: consuming NestedHold?) {
        self.outer = outer
        self.mark = mark
    }
}
