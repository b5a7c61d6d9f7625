/// A deployment without an outcome, as the ledger knows its process.
package struct SweepCandidate: Hashable, Sendable {
    /// Its id.
    package let deployment: EventID
    /// Its ticket.
    package let number: Int64?
    /// The process that answers for it: its wrapper or, if that was lost, its keeper.
    package let pid: Int64
    /// When that process started, in clock ticks since boot.
    package let pidStart: Int64?
    /// The boot it belongs to.
    package let boot: String?
    /// The pid namespace the pid belongs to, as the inode of `/proc/PID/ns/pid`; nil when that was
    /// not recorded.
    package let pidNamespace: Int64?
}

/// When a deployment was seen alive for the last time.
package struct LastAlive: Hashable, Sendable {
    /// Its id.
    package let deployment: EventID
    /// The moment, wall clock in µs.
    package let atUs: Int64

    /// Describes a proof of life.
    package init(_ deployment: EventID, atUs: Int64) {
        self.deployment = deployment
        self.atUs = atUs
    }
}

/// What processes that are dead left outside of the ledger.
package struct Leftovers: Sendable {
    /// Their events; appended unless the ledger has them.
    ///
    /// Their deployments are closed too.
    package var pending: [EventEnvelope]
    /// The last proofs of life that are known besides the ledger.
    package var lastAlive: [LastAlive]
    /// Deployments that left events which only a later version of the program understands: their
    /// own word is still to come, so they are not closed.
    package var unheard: [EventID]
    /// Called when the ledger has it all, on the disk.
    package var discard: @Sendable () -> Void

    /// Describes leftovers; nothing unless given.
    package init(
        pending: [EventEnvelope] = [], lastAlive: [LastAlive] = [], unheard: [EventID] = [],
        discard: @escaping @Sendable () -> Void = {}
    ) {
        self.pending = pending
        self.lastAlive = lastAlive
        self.unheard = unheard
        self.discard = discard
    }
}

/// Closing the deployments of one host and lock whose processes are provably dead.
///
/// All of it happens inside one append, under the ledger's claim: first those in flight are listed
/// and `isDead` decides; only then `leftovers` is asked and the spools are drained, so that
/// whatever a process wrote before it was seen dead counts; what is still in flight then is closed.
package struct Sweep: Sendable {
    /// The host whose processes can be judged.
    package var host: String
    /// The canonical path of the lock.
    package var lock: String
    /// The deployment that sweeps.
    package var recordedBy: EventID?
    /// Whether a deployment's process is provably dead; in doubt it is not.
    package var isDead: @Sendable (SweepCandidate) -> Bool
    /// What the dead left; asked once they are known to be dead.
    package var leftovers: @Sendable () -> Leftovers

    /// Describes a sweep.
    package init(
        host: String, lock: String, recordedBy: EventID?,
        isDead: @escaping @Sendable (SweepCandidate) -> Bool,
        leftovers: @escaping @Sendable () -> Leftovers
    ) {
        self.host = host
        self.lock = lock
        self.recordedBy = recordedBy
        self.isDead = isDead
        self.leftovers = leftovers
    }
}

/// A deployment that a sweep found dead and closed.
package struct SweptDeployment: Hashable, Sendable {
    /// Its id.
    package let deployment: EventID
    /// Its ticket.
    package let number: Int64?
    /// `orphaned` if it had the lock, `cancelled` if it only waited.
    package let outcome: Outcome
    /// Its last proof of life.
    package let lastAliveUs: Int64
}
