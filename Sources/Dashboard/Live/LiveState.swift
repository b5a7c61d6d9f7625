import Queries
import Status
import Synchronization
import SystemCalls

/// What is the case now, kept for all who ask and all who listen.
///
/// Looking is done on the watcher's own thread; what was found is shared.
final class LiveState: Sendable {
    private struct State {
        var now: Now
        var seen: LedgerWatch.Seen
        var listeners: [ObjectIdentifier: Listener] = [:]
        /// Monotonic clock, µs.
        var times: Times
        var budget = LookBudget()
    }

    /// When something was done last, on the monotonic clock in µs.
    private struct Times {
        /// Looked at the newest event.
        var poll: Int64
        /// Looked at locks and spool.
        var look: Int64
        /// Read the ledger.
        var read: Int64
        /// Said that the metrics' window has moved.
        var move: Int64
        /// Had every stream see to itself.
        var nudge: Int64
    }

    private let source: StatusSource
    private let access: LedgerAccess
    private let watch: LedgerWatch
    private let state: Mutex<State>

    private static let second: Int64 = 1_000_000
    /// How old what the ledger told may become though nothing new is in it: windows move on.
    private static let longestUnread = 60 * second
    /// After how long pages are told that the window of the metrics has moved.
    private static let movingOn = 600 * second
    /// After how long every stream sees to itself, changes or none.
    private static let nudging = 5 * second

    /// Looks for the first time.
    init(_ options: DashboardOptions, _ access: LedgerAccess) {
        source = options.source
        self.access = access
        watch = LedgerWatch(options.ledger)
        let seen = watch.look(isFresh: true)
        let start = Clock.monotonicMicroseconds()
        state = Mutex(
            State(
                now: Now(source.situation(), first: Clock.wallMicroseconds() / 1000), seen: seen,
                times: Times(poll: start, look: start, read: start, move: start, nudge: start)))
    }

    /// The newest that is known, without a look.
    var now: Now { state.withLock { $0.now } }

    /// The newest, with whatever the ledger got before this was asked for, and the locks as they
    /// looked a second ago at most.
    func current() async -> Now {
        await look(asksLocks: true)
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
        let (isListened, isDue, isNudge) = state.withLock { state in
            let now = Clock.monotonicMicroseconds()
            let isNudge = now - state.times.nudge >= Self.nudging
            if isNudge { state.times.nudge = now }
            let isListened = !state.listeners.isEmpty
            return (isListened, isListened || now - state.times.poll >= Self.second, isNudge)
        }
        if isDue { await look(asksLocks: isListened) }
        if isNudge { nudgeAll() }
    }

    /// - Parameter asksLocks: whether somebody waits for news of the locks, too.
    private func look(asksLocks: Bool) async {
        let askedAt = Clock.monotonicMicroseconds()
        // Threads that have ended answer no more; nor does anybody ask then.
        while let pause = try? await access.run(
            .watcher, { [self] in lookNow(asksLocks: asksLocks, askedAt: askedAt) })
        {
            do { try await Task.sleep(for: .microseconds(pause)) } catch { return }
        }
    }

    /// Looks, unless somebody did after this was asked for.
    ///
    /// - Returns: how long to wait before it may look, in µs; nil when what is known is new enough.
    private func lookNow(asksLocks: Bool, askedAt: Int64) -> Int64? {
        let start = Clock.monotonicMicroseconds()
        let (now, before, times) = state.withLock { ($0.now, $0.seen, $0.times) }
        if times.look >= askedAt { return nil }
        let isOld = start - times.look >= Self.second
        let seen = watch.look(isFresh: isOld)
        let isNew = seen != before
        state.withLock { $0.times.poll = start }
        guard isNew || isOld && asksLocks else { return nil }
        if let pause = state.withLock({ $0.budget.take(at: start) }) { return pause }
        let look = source.look()
        let last = now.situation.ledger
        let isRead =
            isNew || start - times.read >= Self.longestUnread || !last.covers(look.locks)
        let ledger = isRead ? source.read(for: look, reusing: last) : last
        let isLater = isRead && start - times.move >= Self.movingOn
        let situation = Situation(source, look, ledger)
        let isNews = state.withLock { state in
            state.seen = seen
            state.times.look = start
            if isRead { state.times.read = start }
            if isLater || isNew { state.times.move = start }
            return state.now.update(situation, isLater: isLater)
        }
        if isNews { nudgeAll() }
        return nil
    }

    private func nudgeAll() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.nudge() }
    }
}
