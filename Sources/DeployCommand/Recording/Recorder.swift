import CommandSupport
import Glibc
import Ledger
import Synchronization
import SystemCalls

/// Takes events to the ledger on a thread of its own, one commit after the other.
///
/// A disk that does not answer may hold up that thread for as long as it likes: whoever runs a
/// command, waits for the lock or passes on signals goes on. What has not been recorded in time
/// stands in the ticket, where the next deployment finds it.
final class Recorder: Sendable {
    /// One commit.
    private struct Job: Sendable {
        let content: Content
        let claim: ClaimBox
        let completion: @Sendable (RecordResult) -> Void
    }

    private enum Content {
        case known(AppendBatch)
        case late(EventPromise)
    }

    private struct State {
        var jobs: [Job] = []
        var isRunning = false
        var isComplete = true
        var last: RecordResult?
        /// When our caller stops waiting, monotonic clock in µs.
        var limit: Int64?
    }

    /// The ledger.
    let ledger: LedgerWriter
    /// Where events go besides, at once; nil for nowhere.
    private let log: EventLog?
    private let state = Mutex(State())
    private let idle: FileDescriptor

    /// What a commit may take when the time is up already: enough for a healthy ledger.
    private static let shortest: Int64 = 50_000
    /// What writing to a spool may take beyond that.
    private static let grace: Int64 = 250_000

    init(_ ledger: LedgerWriter, log: EventLog?) throws(SystemError) {
        self.ledger = ledger
        self.log = log
        idle = try .event()
    }

    /// Whether everything so far is safe on a disk.
    var isComplete: Bool { state.withLock { $0.isComplete && $0.jobs.isEmpty && !$0.isRunning } }

    /// Records events while the caller goes on.
    func enqueue(
        _ events: [EventEnvelope], holding claim: consuming LedgerClaim? = nil, sweep: Sweep? = nil,
        completion: @escaping @Sendable (RecordResult) -> Void
    ) {
        log?.write(events)
        let entry = AppendBatch(events, sweep: sweep)
        enqueue(Job(content: .known(entry), claim: ClaimBox(claim), completion: completion))
    }

    /// Opens the ledger for events that are about to become known; nil when somebody writes to it
    /// just now.
    func expectEvents(completion: @escaping @Sendable (RecordResult) -> Void) -> EventPromise? {
        guard let claim = ledger.claim(), let late = try? EventPromise(log: log) else { return nil }
        enqueue(Job(content: .late(late), claim: ClaimBox(claim), completion: completion))
        return late
    }

    private func enqueue(_ job: Job) {
        let mustStart = state.withLock { state in
            state.jobs.append(job)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if mustStart { start() }
    }

    /// Records events and waits for all that is under way, but no longer than the ledger's budget;
    /// nil when it was not done by then.
    func record(
        _ events: [EventEnvelope], holding claim: consuming LedgerClaim? = nil, sweep: Sweep? = nil,
        completion: @escaping @Sendable (RecordResult) -> Void
    ) -> RecordResult? {
        let limit = setLimit()
        enqueue(events, holding: claim, sweep: sweep, completion: completion)
        return wait(until: limit)
    }

    /// Waits for all that is under way, no longer than the ledger's budget; nil when it was not
    /// done by then.
    func finish() -> RecordResult? {
        wait(until: setLimit())
    }

    private func setLimit() -> Int64 {
        let budget = Int64(ledger.settings.budgetMilliseconds) * 1000
        let limit = Clock.monotonicMicroseconds() + budget
        state.withLock { $0.limit = limit }
        return limit
    }

    private func wait(until limit: Int64) -> RecordResult? {
        while true {
            let (isRunning, last) = state.withLock { ($0.isRunning, $0.last) }
            if !isRunning { return last }
            let end = limit + Self.shortest + Self.grace
            if Clock.monotonicMicroseconds() >= end {
                state.withLock { $0.isComplete = false }
                return nil
            }
            if (try? Poll.readable([idle.rawValue], until: end))?.isEmpty == false {
                // It may tell of an earlier commit.
                idle.takeAll()
            }
        }
    }

    private func start() {
        do {
            try startThread { self.work() }
        } catch {
            // No thread to be had: then we wait ourselves.
            work()
        }
    }

    private func work() {
        while let (job, limit) = next() {
            let now = Clock.monotonicMicroseconds()
            let left = limit.map { Int(max($0 - now, Self.shortest) / 1000) }
            guard let result = record(job, left) else { continue }
            state.withLock { state in
                state.last = result
                if !result.isDurable { state.isComplete = false }
            }
            if let log, case .written(_, _, let swept, _) = result { log.write(swept) }
            job.completion(result)
        }
        idle.add()
    }

    private func record(_ job: Job, _ budget: Int?) -> RecordResult? {
        let claim = job.claim.take()
        switch job.content {
        case .known(let entry):
            return ledger.record(
                entry.lines, holding: claim, sweep: entry.sweep, budgetMilliseconds: budget)
        case .late(let events):
            guard let claim else { return nil }
            return ledger.record(holding: claim, budgetMilliseconds: budget) { events.wait() }
        }
    }

    private func next() -> (Job, limit: Int64?)? {
        state.withLock { state in
            if state.jobs.isEmpty {
                state.isRunning = false
                return nil
            }
            return (state.jobs.removeFirst(), state.limit)
        }
    }
}

/// Carries a claim from one thread to another.
private final class ClaimBox: Sendable {
    private let claim: Mutex<LedgerClaim?>

    init(_ claim: consuming LedgerClaim?) { self.claim = Mutex(claim) }

    func take() -> LedgerClaim? { claim.withLock { $0.take() } }
}
