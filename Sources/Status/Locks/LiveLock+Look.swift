import DeployLock
import Ledger
import Processes
import Queries
package import Reporting

extension LiveLock {
    /// What figures and alerts need of a lock that was looked at.
    package init(_ look: LockLook) {
        guard let state = look.state else {
            self.init(
                path: look.paths.lockFile,
                problem: "cannot determine who holds \(look.paths.lockFile): \(look.problem ?? "")")
            return
        }
        let facts = state.owner.facts
        let since = facts?.heldSinceUs ?? state.processes.map(\.startedAtUs).min()
        self.init(
            path: look.paths.lockFile, holder: state.owner.condition,
            heldSince: since.map { Instant(microseconds: $0) },
            waiting: Int64(state.waiting.count), number: facts?.number,
            deployment: facts?.deployment, user: facts?.user)
    }
}
