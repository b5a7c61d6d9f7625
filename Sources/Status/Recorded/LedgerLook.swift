import DeployLock
package import DeploymentMetrics
package import Ledger
package import Queries
package import Reporting
import SystemCalls

/// Deployments that are compared with each other: those of one lock and tier.
package struct DeploymentKinship: Hashable, Sendable {
    /// The path of the lock.
    package let lock: String
    /// The kind of deployment; nil for those without one.
    package let tier: String?
}

extension LockLook {
    /// The kind of the deployment that runs; nil when none does.
    package var kind: DeploymentKinship? {
        guard let state, state.isTaken, let facts = state.owner.facts else { return nil }
        return DeploymentKinship(lock: paths.lockFile, tier: facts.tier)
    }
}

/// What the ledger told at one moment, copied: nothing of it stays open.
package struct LedgerLook: Sendable {
    /// The ledger's file.
    package let path: String
    /// When it was read.
    package let at: Instant
    /// Why it could not be read, and what to do; nil when it was.
    package let problem: String?
    /// Whether there is none yet, which is no fault.
    package let isMissing: Bool
    /// Its random id in hexadecimal.
    package let id: String?
    /// The newest event.
    package let head: Head?
    /// When that happened; nil for a ledger without events.
    package let newestEvent: Instant?
    /// Where the ledger started over, in sentences.
    package let interruptions: [String]
    /// Deployments of this machine without an outcome, oldest first.
    package let inFlight: [InFlightDeployment]
    /// How long those of the kinds that run usually take.
    package let usual: [DeploymentKinship: UsualDuration]
    /// The kinds that were asked for; of those without a usual duration the ledger has none.
    private let kinds: Set<DeploymentKinship>
    /// The last deployment of each lock, by the lock's path.
    package let last: [String: LastDeployment]
    /// The last check of each lock, by the lock's path.
    package let health: [String: LastHealth]
    private let kept: RecordedFacts?

    /// What alerts follow from; nil when the ledger could not be read.
    ///
    /// Where much is going on it may lag behind the head by some seconds.
    package var recorded: AlertFacts.Recorded? { kept?.facts }
    /// The newest event that those follow from.
    package var recordedHead: Head? { kept?.head }
    /// The metrics of the window, against their targets.
    package var metrics: MetricsReport? { recorded?.metrics }
    /// Whether the ledger is as it was written.
    package var verification: AlertFacts.Verification? { recorded?.verification }

    /// Reads an open ledger.
    ///
    /// - Parameter earlier: what of it was read before.
    /// - Throws: what keeps the ledger from being read.
    init(
        _ reader: LedgerReader, _ source: AlertSource, locks: [String],
        kinds: Set<DeploymentKinship>, reusing earlier: LedgerLook?, at now: Instant
    ) throws {
        path = source.settings.path
        at = now
        problem = nil
        isMissing = false
        id = reader.id
        // Before all else: what comes meanwhile is read again, what is missed never is.
        let head = try reader.head()
        self.head = head
        newestEvent = try reader.newestEventAt().map { Instant(microseconds: $0) }
        interruptions = try reader.interruptions().map(\.words)
        let known = earlier?.id == id ? earlier?.kept : nil
        kept =
            if let known, known.isFresh { known } else {
                try RecordedFacts(source, reader, head: head, now: now)
            }
        inFlight = try InFlight(
            reader.connection, filter: ReportFilter(), isDead: { _ in false }
        ).deployments.filter { $0.host == Machine.hostName }
        self.kinds = kinds.union(
            inFlight.compactMap { one in
                one.lock.map { DeploymentKinship(lock: $0, tier: one.tier) }
            })
        var usual: [DeploymentKinship: UsualDuration] = [:]
        for kind in self.kinds {
            usual[kind] = try reader.usualDuration(lock: kind.lock, tier: kind.tier)
        }
        self.usual = usual
        var last: [String: LastDeployment] = [:]
        var health: [String: LastHealth] = [:]
        for lock in locks {
            last[lock] = try LastDeployment(reader.connection, lock: lock)
            health[lock] = try LastHealth(reader.connection, lock: lock)
        }
        self.last = last
        self.health = health
    }

    /// A ledger that cannot be read.
    init(path: String, problem: String, isMissing: Bool, at now: Instant) {
        self.path = path
        at = now
        self.problem = problem
        self.isMissing = isMissing
        id = nil
        head = nil
        newestEvent = nil
        interruptions = []
        inFlight = []
        usual = [:]
        kinds = []
        last = [:]
        health = [:]
        kept = nil
    }

    /// Whether what it tells is enough for locks that were looked at later; otherwise it has to be
    /// read again, although its head is the same.
    package func covers(_ locks: [LockLook]) -> Bool {
        problem != nil
            || locks.compactMap(\.kind).allSatisfy(kinds.contains) && kept?.isBehind(head) != true
    }
}
