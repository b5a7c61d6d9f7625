import DeployLock
import Ledger

/// The deployment it is done for.
struct Cover: Sendable {
    let id: EventID
    let number: Int64
    /// What others may see of it.
    let facts: DeploymentFacts

    /// Nil when its ticket names no deployment that could be recorded.
    init?(_ facts: DeploymentFacts) {
        guard let id = facts.deployment.flatMap({ EventID($0) }), let number = facts.number
        else { return nil }
        self.id = id
        self.number = number
        self.facts = facts
    }
}
