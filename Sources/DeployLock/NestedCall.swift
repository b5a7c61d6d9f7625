import Glibc
import SystemCalls

/// A call of the wrapper by a command that already runs under the same lock.
public enum NestedCall {
    /// The facts of the deployment we run under, if we do.
    ///
    /// Either the environment names the lock and an inherited descriptor proves that it is held,
    /// or the holder, its wrapper or its command, is our ancestor (a command such as sudo closes
    /// descriptors and clears the environment).
    public static func outerDeployment(
        of queue: WaitQueue, heldLockNamed: String?, deploymentNamed: String?
    ) -> HolderInfo? {
        let tickets = (try? queue.tickets()) ?? []
        if heldLockNamed == queue.paths.lockFile, let deploymentNamed,
            KernelLocks.isHeldByThisProcess(queue.paths.lockFile)
        {
            let facts = tickets.lazy.compactMap { $0.text().facts }
            if let outer = facts.first(where: { $0.deployment == deploymentNamed }) { return outer }
            var outer = HolderInfo()
            outer.deployment = deploymentNamed
            return outer
        }
        if tickets.isEmpty { return nil }
        let ancestors = Set(ProcessIdentity.ancestors().map(\.pid))
        for ticket in tickets {
            guard let facts = ticket.text().facts, facts.acquiredAtUs != nil else { continue }
            let holders = [facts.process, facts.commandProcess].compactMap(\.self)
            if holders.contains(where: { ancestors.contains($0.pid) && $0.isAlive }) {
                return facts
            }
            // Only the holder has acquired; those behind a live one wait.
            if ticket.isLive { return nil }
        }
        return nil
    }
}
