import CommandSupport
import DeployLock
import Ledger
import SystemCalls

/// The way from a command's end to a free lock and the record of it.
///
/// The wrapper takes it and, when that is lost, the keeper in its place.
struct Release: Sendable {
    /// What came of it.
    struct Result: Sendable {
        /// How long the deployment had the lock, in µs.
        let held: Int64
        /// The forced unlock that decided its outcome before it could.
        let forced: UnlockNotice?
        /// What came of the record; nil when the ledger did not answer in time.
        let recorded: RecordResult?
    }

    let events: DeploymentEvents
    let paths: LockPaths
    let recorder: Recorder
    let queue: WaitQueue
    /// How long it waited for the lock, in µs.
    let waited: Int64
    /// When it got the lock, monotonic clock in µs.
    let acquiredMonoUs: Int64
    /// When the last holder or what it left running let go of the lock, wall clock in µs; nil when
    /// nobody saw it.
    let lockCameFreeAt: Int64?

    /// What the ledger should conclude of those who died.
    ///
    /// - Parameter limit: looks only at deployments with lower numbers.
    func sweep(before limit: Int64 = .max) -> Sweep {
        StaleTickets(
            queue, lockCameFreeAt: lockCameFreeAt, to: events.number, before: limit,
            isTrusted: recorder.ledger.isTrusted
        ).sweep(lock: paths.lockFile, recordedBy: events.deployment)
    }

    /// Decides the outcome, frees the lock, lets the next in line pass and records what is known.
    ///
    /// - Parameters:
    ///   - unrecorded: events of the deployment that are not on their way to the ledger yet.
    ///   - late: the ledger, when it has been opened for them.
    ///   - isFree: called when the lock is free.
    func run(
        _ lock: consuming LockFile, _ ticket: borrowing Ticket, _ conclusion: Conclusion,
        _ unrecorded: [EventEnvelope], _ late: EventPromise?,
        completion: @escaping @Sendable (RecordResult) -> Void, isFree: () -> Void = {}
    ) -> Result {
        let held = Clock.monotonicMicroseconds() - acquiredMonoUs
        func released(isForced: Bool) -> EventEnvelope {
            events.released(waited: waited, held: held, conclusion, isForced: isForced)
        }
        var last = [released(isForced: false)]
        let forced = ticket.end { text in
            if let text {
                // Our ledger may be another one than that of whoever freed the lock.
                let decision = text.entries.compactMap { EventEnvelope(text: $0) }
                last = decision + [released(isForced: true)]
            }
            return last.last.map { [$0.text] } ?? []
        }?.forced
        let recorded = finish(
            lock, ticket, forced, unrecorded, last, late, completion: completion, isFree: isFree)
        return Result(held: held, forced: forced, recorded: recorded)
    }

    /// The same once the outcome stands in the ticket.
    func finish(
        _ lock: consuming LockFile, _ ticket: borrowing Ticket, _ forced: UnlockNotice?,
        _ unrecorded: [EventEnvelope], _ last: [EventEnvelope], _ late: EventPromise? = nil,
        completion: @escaping @Sendable (RecordResult) -> Void, isFree: () -> Void = {}
    ) -> RecordResult? {
        if let deployment = events.deployment {
            DeploymentFacts.withdraw(deployment.description, from: paths.infoFile)
        }
        // With the ledger's own lock in hand, our release comes before the next one's acquisition;
        // if it is not free just now, nobody is kept waiting for it.
        let claim = late == nil ? recorder.ledger.claim() : nil
        if forced == nil {
            try? lock.descriptor.unlock()
        } else {
            // Whoever frees the lock by force ends all that the command started. Until then it stays
            // with them.
            _ = consume lock
        }
        ticket.release()
        isFree()
        // The next command is more urgent than our bookkeeping. A waiter comes to life in steps, its
        // waiting thread first, each of which may need the processor we are on.
        for _ in 0..<3 { Processor.yield() }
        // Of those behind us one may have the lock now, so only those before us are provably dead.
        let entry = AppendBatch(
            unrecorded + last, sweep: unrecorded.isEmpty ? nil : sweep(before: ticket.number))
        let result =
            late?.provide(entry) == true
            ? recorder.finish()
            : recorder.record(
                entry.lines, holding: claim, sweep: entry.sweep, completion: completion)
        if recorder.isComplete {
            if forced?.isAbandonment == true { ticket.removeAbandoned() } else { ticket.remove() }
        }
        return result
    }
}
