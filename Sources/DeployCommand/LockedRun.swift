import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import SystemCalls
import Wording

/// A deployment from the moment it has the lock until the lock is free again.
struct LockedRun: Sendable {
    private let context: DeploymentContext
    private var plan: DeploymentPlan { context.plan }
    private var journal: Journal { context.journal }
    private var recorder: Recorder { context.recorder }
    private var signals: SignalInbox { context.signals }

    init(_ context: DeploymentContext) {
        self.context = context
    }

    /// A command that ends within this time, in µs, is recorded in one commit.
    private static let briefTime: Int64 = 10_000

    /// Runs the command under the lock and records it; the result is the exit code.
    ///
    /// The order is what keeps every event through a kill at any point: first the ticket, which
    /// outlives us, then the deed, then the ledger. The ledger is written while the command runs.
    func run(
        _ lock: consuming LockFile, _ ticket: consuming Ticket,
        _ circumstances: LockAcquisition.Circumstances, pending: EventEnvelope?
    ) -> CInt {
        let acquired = acquire(ticket, circumstances)
        let unrecorded = [pending, acquired.event].compactMap(\.self)
        let release = acquired.release
        let ending: Ending
        let result: Release.Result
        do {
            var command = try start(lock, ticket, release)
            let watched = watch(&command, ticket, acquired, unrecorded)
            ending = watched.ending
            sayStartFailure(ending)
            outliveInnerDeployments(ticket)
            result = release.run(
                lock, ticket, ending, watched.unrecorded, watched.late, completion: recorded
            ) { command.dismiss() }
            command.reap()
        } catch {
            ending = Ending(startFailure: error)
            sayStartFailure(ending)
            result = release.run(lock, ticket, ending, unrecorded, nil, completion: recorded)
        }
        report(ticket.number, ending, result, waited: release.waited)
        return ending.code
    }

    /// The moment in which the lock became ours.
    private struct Acquired {
        let facts: DeploymentFacts
        let event: EventEnvelope
        let release: Release
    }

    /// Notes in the ticket that the lock is ours.
    private func acquire(
        _ ticket: borrowing Ticket, _ circumstances: LockAcquisition.Circumstances
    ) -> Acquired {
        let acquiredMono = Clock.monotonicMicroseconds()
        let waited = journal.sinceRequest
        let acquiredAt = Clock.wallMicroseconds()
        var facts = journal.facts(number: ticket.number)
        facts.acquiredAtUs = acquiredAt
        facts.started = RFC3339.toTheSecond(acquiredAt)
        facts.timestamp = acquiredAt / 1_000_000
        let event = journal.acquired(number: ticket.number, waited: waited)
        ticket.note(facts, entries: [event.text])
        let release = Release(
            events: journal.events(number: ticket.number), paths: plan.paths, recorder: recorder,
            queue: context.queue, waited: waited, acquiredMonoUs: acquiredMono,
            lockCameFreeAt: circumstances.lockWasHeld ? acquiredAt : nil)
        return Acquired(facts: facts, event: event, release: release)
    }

    /// Waits for the command's end; what was not recorded meanwhile goes into the last commit.
    private func watch(
        _ command: inout KeptCommand, _ ticket: borrowing Ticket, _ acquired: Acquired,
        _ unrecorded: [EventEnvelope]
    ) -> (ending: Ending, unrecorded: [EventEnvelope], late: EventPromise?) {
        var late: EventPromise?
        // Opened only now: whatever is open when the keeper begins is open there, too. After a
        // wait nothing is more urgent than the command.
        if acquired.release.waited < Self.briefTime {
            late = recorder.expectEvents { recorded($0) }
        }
        command.awaitStart(signals: signals)
        if command.pid != nil {
            var facts = acquired.facts
            ticket.readRunLine(into: &facts)
            publish(facts)
        }
        late = late ?? recorder.expectEvents { recorded($0) }
        let brief = Clock.monotonicMicroseconds() + Self.briefTime
        if let end = command.wait(signals: signals, until: brief) {
            return (Ending(end), unrecorded, late)
        }
        let entry = AppendBatch(unrecorded, sweep: acquired.release.sweep())
        if late?.provide(entry) != true {
            recorder.enqueue(entry.lines, sweep: entry.sweep) { recorded($0) }
        }
        return (Ending(command.wait(signals: signals)), [], nil)
    }

    private func sayStartFailure(_ ending: Ending) {
        guard let failure = ending.failure else { return }
        context.say(ExitCodes.startFailureWords(failure, plan.command.words))
    }

    private func start(
        _ lock: borrowing LockFile, _ ticket: borrowing Ticket, _ release: Release
    ) throws(SystemError) -> KeptCommand {
        let line = try ticket.openForRunLine()
        let succession = Succession(
            release, plan, lock: lock.descriptor.rawValue, ticket: ticket.descriptor.rawValue,
            at: ticket.path)
        return try plan.command.start(
            environment: [
                ("DEPLOY_ID", journal.deployment.description),
                ("DEPLOY_NUMBER", String(ticket.number)),
                ("DEPLOY_LOCK_FILE", plan.paths.lockFile),
            ],
            Keeping(
                inherited: lock.descriptor.rawValue,
                ticket: (ticket.descriptor.rawValue, line.rawValue),
                successor: succession.arguments, pidNamespace: Machine.pidNamespace),
            ignoresHangUp: signals.ignoresHangUp)
    }

    /// Says what came of a commit, and clears away what it made needless.
    private func recorded(_ result: RecordResult) {
        if case .written = result { context.queue.removeStaleFiles() }
        context.recorded(result)
    }

    /// A deployment that our command started inside and left in the background has the lock too.
    private func outliveInnerDeployments(_ ticket: borrowing Ticket) {
        var hasSaidSo = false
        while !ticket.closesToInnerDeployments() {
            let inner = InnerDeployments(of: ticket.path)
            if inner.isEmpty {
                // Somebody else's lock on the ticket, unless it has just been given back.
                _ = ticket.closesToInnerDeployments()
                return
            }
            if !hasSaidSo {
                context.say(
                    "#\(ticket.number) waits for a deployment that its command left behind inside")
                hasSaidSo = true
            }
            _ = try? Poll.readable(
                [signals.descriptor], until: Clock.monotonicMicroseconds() + 50_000)
            if let signal = signals.nextForwarded() { inner.signal(signal) }
        }
    }

    private func publish(_ facts: DeploymentFacts) {
        do {
            try facts.publish(at: plan.paths.infoFile)
        } catch {
            context.explain("the holder's facts could not be published: \(error)")
        }
    }

    private func report(
        _ number: Int64, _ ending: Ending, _ release: Release.Result, waited: Int64
    ) {
        if release.recorded == nil {
            context.say(
                "the ledger did not respond in time; what happened stands in the queue, and the next "
                    + "deployment records it")
        }
        if let forced = release.forced {
            context.say("#\(number) was force-unlocked by \(forced.by): \(forced.reason)")
        } else if plan.verbosity == .quiet {
            return
        }
        var text =
            "#\(number) \(ending.words): waited \(DurationText.text(microseconds: waited)), "
            + "ran \(DurationText.text(microseconds: release.held))"
        if case .written(let head, _, _, _) = release.recorded {
            text += "; ledger \(Words.head(head))"
        }
        context.say(text)
    }
}
