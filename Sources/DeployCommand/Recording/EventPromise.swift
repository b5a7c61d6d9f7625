import CommandSupport
import Glibc
import Ledger
import Synchronization
import SystemCalls

/// Events for which the ledger is opened before they are known.
///
/// Opening takes longer than a brief command; it is done while the command runs.
final class EventPromise: Sendable {
    private enum State {
        case awaited
        case known(AppendBatch)
        case givenUp
    }

    private let state = Mutex(State.awaited)
    private let known: FileDescriptor
    private let log: EventLog?

    /// How long the ledger is kept open for them, in µs: nobody else can write to it meanwhile.
    private static let patience: Int64 = 50_000

    /// - Parameter log: where they go besides; nil for nowhere.
    init(log: EventLog?) throws(SystemError) {
        known = try .event()
        self.log = log
    }

    /// Hands them over; false when they are not waited for any more.
    func provide(_ entry: AppendBatch) -> Bool {
        let isAwaited = state.withLock { state in
            guard case .awaited = state else { return false }
            state = .known(entry)
            return true
        }
        known.add()
        if isAwaited { log?.write(entry.lines) }
        return isAwaited
    }

    /// Waits for them, but not for long; nil when they did not come.
    func wait() -> AppendBatch? {
        let end = Clock.monotonicMicroseconds() + Self.patience
        _ = try? Poll.readable([known.rawValue], until: end)
        return state.withLock { state in
            if case .known(let entry) = state { return entry }
            state = .givenUp
            return nil
        }
    }
}
