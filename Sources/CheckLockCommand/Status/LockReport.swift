import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import SystemCalls

/// Everything `check-deploy-lock` has to tell, before any words.
struct LockReport: Sendable {
    let state: LockState
    /// A deployment that runs longer than this, in µs, is called out.
    let warnAfter: Int64
    /// How long deployments like the one that runs usually take; nil when the ledger has none.
    let usual: UsualDuration?
    /// The freezes in force.
    let freezes: Freezes
    /// Deployments that this look found dead and recorded.
    let recorded: [SweptDeployment]
    /// Why what died could not be recorded.
    let recordingProblem: String?

    /// Looks at the lock and, where it may, records what died.
    init(
        _ paths: LockPaths, ledger: LedgerSettings, warnAfter: Int64, records: Bool
    ) throws(LockError) {
        state = try LockState(of: paths, isConcluded: EventEnvelope.containsOutcome)
        self.warnAfter = warnAfter
        freezes = try WaitQueue(paths).freezes(or: ledger)
        usual = Self.usual(state, ledger)
        let aftermath = records ? SweepFromCheck(state, ledger) : nil
        recorded = aftermath?.recorded ?? []
        recordingProblem = aftermath?.problem
    }

    /// The facts of the deployment that has, or last had, the lock.
    var facts: DeploymentFacts? {
        state.owner.facts
    }

    /// How long the lock has been taken, in µs; nil when it is free or nobody knows.
    var heldFor: Int64? { state.heldForUs }

    /// Whether what runs has been running for too long.
    var isOverdue: Bool { heldFor.map { $0 >= warnAfter } ?? false }

    private static func usual(_ state: LockState, _ ledger: LedgerSettings) -> UsualDuration? {
        guard state.isTaken, let facts = state.owner.facts else { return nil }
        let reader = try? LedgerReader(path: ledger.path, busyTimeoutMilliseconds: 200)
        return try? reader?.usualDuration(lock: state.paths.lockFile, tier: facts.tier)
    }
}
