package import DeployLock
package import Queries

/// What was seen of a lock on this machine, for figures and alerts.
package struct LiveLock: Sendable {
    /// Its path.
    package let path: String
    /// Who has it; nil when that is unknown.
    package let holder: LockOwner.Condition?
    /// Why it is unknown.
    package let problem: String?
    /// Since when it is held, as far as that is known.
    package let heldSince: Instant?
    /// How many wait for it.
    package let waiting: Int64
    /// The number of the deployment that has it, or died with it.
    package let number: Int64?
    /// The id of that deployment.
    package let deployment: String?
    /// The user it runs as.
    package let user: String?

    /// A lock that was seen.
    package init(
        path: String, holder: LockOwner.Condition?, heldSince: Instant?, waiting: Int64,
        number: Int64?,
        deployment: String?, user: String?
    ) {
        self.path = path
        self.holder = holder
        problem = nil
        self.heldSince = heldSince
        self.waiting = waiting
        self.number = number
        self.deployment = deployment
        self.user = user
    }

    /// A lock that could not be looked at.
    package init(path: String, problem: String) {
        self.path = path
        holder = nil
        self.problem = problem
        heldSince = nil
        waiting = 0
        number = nil
        deployment = nil
        user = nil
    }

    /// Whether others are kept out.
    package var isHeld: Bool {
        switch holder {
        case .held, .runningOrphan, .stranger: true
        case .free, .deadOrphan, nil: false
        }
    }
}
