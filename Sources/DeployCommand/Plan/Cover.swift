import DeployLock
import Ledger

/// The deployment it is done for.
struct Cover: Sendable {
    let id: UUIDv7
    let number: Int64
    /// What others may see of it.
    let facts: HolderInfo

    /// Nil when its ticket names no deployment that could be recorded.
    init?(_ facts: HolderInfo) {
        guard let id = facts.deployment.flatMap({ UUIDv7($0) }), let number = facts.number
        else { return nil }
        self.id = id
        self.number = number
        self.facts = facts
    }
}
