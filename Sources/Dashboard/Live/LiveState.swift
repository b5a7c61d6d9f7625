import Ledger
import Queries
import Synchronization
import SystemCalls

/// What is the case now, kept for all who ask and all who listen.
///
/// Looking is done on the watcher's own thread; what was found is shared.
final class LiveState: Sendable {
    private struct State {
        var now: Now
        var listeners: [ObjectIdentifier: Listener] = [:]
        /// Monotonic clock, µs; of ledger, locks and nudges.
        var lookedAt: Int64 = .min
        var sawLocksAt: Int64 = .min
        var nudgedAt: Int64 = .min
    }

    private let options: DashboardOptions
    private let access: LedgerAccess
    private let watch: LedgerWatch
    private let state: Mutex<State>

    /// How often locks are looked at while somebody listens, the ledger while nobody does, and how old
    /// an answer may be otherwise; in µs.
    private static let slowly: Int64 = 1_000_000
    /// After how long every stream sees to itself, changes or none; in µs.
    private static let nudging: Int64 = 5_000_000

    init(_ options: DashboardOptions, _ access: LedgerAccess) {
        self.options = options
        self.access = access
        watch = LedgerWatch(options.ledger)
        let start = Clock.wallMicroseconds()
        // Unlike every number that an earlier run came to.
        let first = start / 1000
        state = Mutex(
            State(
                now: Now(
                    at: Instant(microseconds: start), ledger: LedgerLook(), sight: .none,
                    look: first,
                    parts: Dictionary(uniqueKeysWithValues: Part.allCases.map { ($0, first) }))))
    }

    /// The newest that is known, without a look.
    var now: Now { state.withLock { $0.now } }

    /// How many streams listen.
    var listening: Int { state.withLock { $0.listeners.count } }

    /// The newest, with whatever the ledger got before this was asked for, and the locks as they
    /// looked a second ago at most.
    func current() async -> Now {
        await look(everything: true)
        return now
    }

    /// Nudges a listener from now on.
    func listen(_ listener: Listener) {
        state.withLock { $0.listeners[ObjectIdentifier(listener)] = listener }
    }

    /// Nudges it no longer.
    func leave(_ listener: Listener) {
        state.withLock { _ = $0.listeners.removeValue(forKey: ObjectIdentifier(listener)) }
    }

    /// Looks, as often as the number of listeners is worth it; to be called every 150 ms.
    func beat() async {
        let (isDue, isNudge) = state.withLock { state -> (Bool, Bool) in
            let now = Clock.monotonicMicroseconds()
            let isNudge = state.nudgedAt < now - Self.nudging
            if isNudge { state.nudgedAt = now }
            return (
                !state.listeners.isEmpty || state.lookedAt < now - Self.slowly, isNudge
            )
        }
        if isDue { await look(everything: listening > 0) }
        if isNudge { nudgeAll() }
    }

    /// - Parameter everything: whether locks are looked at when their time has come, though nothing
    ///   new is in the ledger.
    private func look(everything: Bool) async {
        // A thread pool that is shut down answers no more; nor has anybody to.
        try? await access.run(.watcher) { [self] in
            let start = Clock.monotonicMicroseconds()
            let (before, sawLocksAt) = state.withLock { ($0.now, $0.sawLocksAt) }
            let isOld = sawLocksAt < start - Self.slowly
            let ledger = watch.look(isFresh: isOld)
            let seesLocks = isOld && everything || ledger != before.ledger
            let sight = seesLocks ? Sight(of: options.locks, options.ledger) : before.sight
            let isNews = state.withLock { state in
                state.lookedAt = start
                if seesLocks { state.sawLocksAt = start }
                return state.now.update(ledger, sight)
            }
            if isNews { nudgeAll() }
        }
    }

    private func nudgeAll() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.nudge() }
    }
}
