import CommandSupport
import DeployLock
import Ledger
import Processes

/// What of locks, queues and spool can be told apart from one look to the next: nothing that moves by
/// the passing of time alone.
struct Sight: Hashable, Sendable {
    /// A lock as it looks.
    struct Lock: Hashable, Sendable {
        let path: String
        var condition: LockOwner.Condition?
        var holder: DeploymentFacts?
        var processes: [ProcessIdentity] = []
        var isIncomplete = false
        var freezes = Freezes.none
        /// Why it cannot be determined.
        var problem: String?
    }

    /// One who waits.
    struct Waiter: Hashable, Sendable {
        let number: Int64
        let facts: DeploymentFacts?
    }

    /// In the order they were named.
    let locks: [Lock]
    /// Those who wait, of each lock.
    let queues: [[Waiter]]
    /// Events that wait for the ledger, and files that were set aside.
    let spool: [Int]

    /// Nothing was looked at yet.
    static let none = Sight(locks: [], queues: [], spool: [])

    private init(locks: [Lock], queues: [[Waiter]], spool: [Int]) {
        self.locks = locks
        self.queues = queues
        self.spool = spool
    }

    /// Looks at locks and spools.
    init(of paths: [LockPaths], _ settings: LedgerSettings) {
        let seen = paths.map { Self.look(at: $0, settings) }
        let spooled = settings.spooled
        self.init(
            locks: seen.map(\.lock), queues: seen.map(\.queue),
            spool: [spooled.waiting, spooled.setAside])
    }

    private static func look(
        at path: LockPaths, _ settings: LedgerSettings
    ) -> (lock: Lock, queue: [Waiter]) {
        var lock = Lock(path: path.lockFile)
        do throws(LockError) {
            let state = try LockState(of: path, isConcluded: EventEnvelope.containsOutcome)
            lock.condition = state.owner.condition
            lock.holder = state.owner.facts
            lock.processes = state.processes.map(\.identity)
            lock.isIncomplete = state.isIncomplete
            lock.freezes = try WaitQueue(path).freezes(or: settings)
            return (lock, state.waiting.map { Waiter(number: $0.number, facts: $0.facts) })
        } catch {
            lock.problem = "\(error)"
            return (lock, [])
        }
    }
}
