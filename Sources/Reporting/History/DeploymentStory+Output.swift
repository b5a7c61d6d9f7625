package import Ledger

extension DeploymentStory {
    /// How it ended, with where its output was kept; nil when it never had the lock, or has it.
    package var release: Event? {
        entries.last { $0.event.kind == EventKind.released.rawValue }?.event.facts
    }
}
