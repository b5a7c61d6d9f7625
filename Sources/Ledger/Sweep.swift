/// A deployment without an outcome, as the ledger knows its process.
public struct SweepCandidate: Hashable, Sendable {
    /// Its id.
    public let deployment: UUIDv7
    /// Its ticket.
    public let number: Int64?
    /// The process that answers for it: its wrapper or, if that was lost, its keeper.
    public let pid: Int64
    /// When that process started, in clock ticks since boot.
    public let pidStart: Int64?
    /// The boot it belongs to.
    public let boot: String?
    /// The pid namespace the pid belongs to, as the inode of `/proc/PID/ns/pid`; nil when that was
    /// not recorded.
    public let pidNamespace: Int64?
}

/// When a deployment was seen alive for the last time.
public struct LastAlive: Hashable, Sendable {
    /// Its id.
    public let deployment: UUIDv7
    /// The moment, wall clock in µs.
    public let atUs: Int64

    /// Describes a proof of life.
    public init(_ deployment: UUIDv7, atUs: Int64) {
        self.deployment = deployment
        self.atUs = atUs
    }
}

/// What processes that are dead left outside of the ledger.
public struct Leftovers: Sendable {
    /// Their events; appended unless the ledger has them.
    ///
    /// Their deployments are closed too.
    public var pending: [EventLine]
    /// The last proofs of life that are known besides the ledger.
    public var lastAlive: [LastAlive]
    /// Deployments that left events which only a later version of the program understands: their
    /// own word is still to come, so they are not closed.
    public var unheard: [UUIDv7]
    /// Called when the ledger has it all, on the disk.
    public var discard: @Sendable () -> Void

    /// Describes leftovers; nothing unless given.
    public init(
        pending: [EventLine] = [], lastAlive: [LastAlive] = [], unheard: [UUIDv7] = [],
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
public struct Sweep: Sendable {
    /// The host whose processes can be judged.
    public var host: String
    /// The canonical path of the lock.
    public var lock: String
    /// The deployment that sweeps.
    public var recordedBy: UUIDv7?
    /// Whether a deployment's process is provably dead; in doubt it is not.
    public var isDead: @Sendable (SweepCandidate) -> Bool
    /// What the dead left; asked once they are known to be dead.
    public var leftovers: @Sendable () -> Leftovers

    /// Describes a sweep.
    public init(
        host: String, lock: String, recordedBy: UUIDv7?,
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
