package import DeployLock
package import Ledger
package import Queries

/// One lock with everything that is known of it.
package struct LockSituation: Sendable {
    /// The lock as it was seen.
    package let look: LockLook
    /// Who has it first, then those who wait, in their order.
    package let rows: [QueueRow]
    /// How long deployments like the one that runs usually take; nil when nothing runs, or the
    /// ledger has none of the kind.
    package let usual: UsualDuration?
    /// A deployment that runs longer than this, in µs, is called out.
    package let warnAfter: Int64
    /// The deployment that had the lock and ended last; nil when there is none, or the ledger cannot
    /// be read.
    package let last: LastDeployment?
    /// What the newest check of a deployment's health came to; nil likewise.
    package let health: LastHealth?

    /// A lock that was seen, with what the ledger says of it.
    init(_ look: LockLook, _ ledger: LedgerLook, warnAfter: Int64) {
        self.look = look
        self.warnAfter = warnAfter
        rows = QueueRow.rows(of: look, known: ledger.inFlight)
        let lock = look.paths.lockFile
        usual = look.kind.flatMap { ledger.usual[$0] }
        last = ledger.last[lock]
        health = ledger.health[lock]
    }

    /// The path of the lock.
    package var path: String { look.paths.lockFile }
    /// Who has it; nil when that is unknown.
    package var condition: LockOwner.Condition? { look.condition }
    /// Why it is unknown.
    package var problem: String? { look.problem }
    /// The freezes in force.
    package var freezes: Freezes { look.freezes }
    /// Who keeps others out; nil when nobody does.
    package var holder: QueueRow? { rows.first { $0.position == 0 } }
    /// Those who wait, next in line first.
    package var waiting: [QueueRow] { rows.filter { $0.position > 0 } }
    /// What a deployment left that died with the lock; nil for any other condition.
    package var leftover: DeploymentFacts? {
        condition == .deadOrphan ? look.state?.owner.facts : nil
    }

    /// Since when others are kept out; nil when nobody is, or nobody knows.
    package var heldSince: Instant? {
        look.state?.heldSinceUs.map { Instant(microseconds: $0) }
    }

    /// For how long, in µs.
    package var heldFor: Int64? { look.state?.heldForUs }

    /// Whether it has been held for too long.
    package var isOverdue: Bool { heldFor.map { $0 >= warnAfter } ?? false }

    /// How much of the usual p95 has gone by, 1 at its end and more behind it, at most 1000.
    ///
    /// Anybody may have written since when it is held. Nil when nothing runs, or too few deployments
    /// of the kind ended for a p95.
    package var progress: Double? {
        guard let usual, usual.hasP95, usual.p95Us > 0, let heldFor else { return nil }
        return min(Double(heldFor) / Double(usual.p95Us), Self.mostProgress)
    }

    private static let mostProgress = 1000.0
}
