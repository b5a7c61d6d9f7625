package import Ledger
package import Queries

extension DeploymentStory {
    /// How it ended, with where its output was kept; nil when it never had the lock, or has it.
    package var release: Event? {
        entries.last { $0.event.kind == EventKind.released.rawValue }?.event.facts
    }
}

extension DeploymentStory {
    /// What its events say, in the order of the ledger.
    package var facts: [(kind: String?, at: Instant?, event: Event)] {
        entries.map { ($0.event.kind, $0.event.at, $0.event.facts) }
    }
}
