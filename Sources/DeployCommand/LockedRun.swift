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
        let life = DeploymentLife(
            context: context, release: release,
            start: StepStart(
                context: context, release: release, number: ticket.number, output: acquired.output),
            state: StepState(
                plan, since: Clock.monotonicMicroseconds(), logFile: acquired.output?.path),
            facts: acquired.facts, lastGood: LastGoodSearch(plan).result)
        var conclusion: Conclusion
        let result: Release.Result
        do {
            var command: KeptCommand? = try life.start.command(life.state, lock, ticket)
            acquired.output?.follow()
            let watched = watch(&command, life, lock, ticket, acquired, unrecorded)
            conclusion = watched.conclusion
            sayStartFailure(conclusion.ending)
            acquired.output?.commandHasEnded()
            if plan.hasSteps {
                acquired.output?.settle()
                life.follow(&conclusion, &command, lock, ticket)
            }
            outliveInnerDeployments(ticket)
            if conclusion.ending.failure == nil { conclusion.output = acquired.output?.record() }
            result = release.run(
                lock, ticket, conclusion, watched.unrecorded, watched.late, completion: recorded
            ) { command?.dismiss() }
            if let last = command.take() { last.reap() }
        } catch {
            conclusion = Conclusion(Ending(startFailure: error), commandUs: nil)
            sayStartFailure(conclusion.ending)
            result = release.run(
                lock, ticket, conclusion, unrecorded, nil, completion: recorded)
        }
        if let output = acquired.output {
            OutputEnd(context, output).run(ticket.number, conclusion)
        }
        report(
            ticket.number, conclusion, result, waited: release.waited,
            frozen: circumstances.frozenUs)
        context.notifier?.tell(
            .ended(
                release.events, waited: release.waited, held: result.held, conclusion,
                forced: result.forced))
        return conclusion.code
    }

    /// The moment in which the lock became ours.
    private struct Acquired {
        let facts: DeploymentFacts
        let event: EventEnvelope
        let release: Release
        /// Where the command writes; nil for our own streams.
        let output: KeptOutput?
    }

    /// Notes in the ticket that the lock is ours.
    private func acquire(
        _ ticket: borrowing Ticket, _ circumstances: LockAcquisition.Circumstances
    ) -> Acquired {
        let acquiredMono = Clock.monotonicMicroseconds()
        let waited = journal.sinceRequest - circumstances.frozenUs
        let acquiredAt = Clock.wallMicroseconds()
        var facts = journal.facts(number: ticket.number)
        facts.acquiredAtUs = acquiredAt
        facts.started = RFC3339.toTheSecond(acquiredAt)
        facts.timestamp = acquiredAt / 1_000_000
        facts.isChecked = plan.health.map { _ in true }
        let output = plan.output.flatMap { keepOutput($0, ticket.number) }
        facts.logFile = output?.path
        let event = journal.acquired(number: ticket.number, waited: waited, circumstances)
        ticket.note(facts, entries: [event.text])
        let release = Release(
            events: journal.events(number: ticket.number), paths: plan.paths, recorder: recorder,
            queue: context.queue, waited: waited, acquiredMonoUs: acquiredMono,
            lockCameFreeAt: circumstances.lockWasHeld ? acquiredAt : nil)
        return Acquired(facts: facts, event: event, release: release, output: output)
    }

    private func keepOutput(_ output: OutputPlan, _ number: Int64) -> KeptOutput? {
        let opening = KeptOutput.open(output, number: number, deployment: journal.deployment)
        switch opening {
        case .open(let kept): return kept
        case .failed(let reason):
            let silence = plan.limit.silence == nil ? "" : ", --max-silence does not apply"
            context.say("the output of #\(number) is not kept\(silence): \(reason)")
            return nil
        }
    }

    /// Waits for the command's end; what was not recorded meanwhile goes into the last commit.
    private func watch(
        _ command: inout KeptCommand?, _ life: DeploymentLife, _ lock: borrowing LockFile,
        _ ticket: borrowing Ticket, _ acquired: Acquired, _ unrecorded: [EventEnvelope]
    ) -> (conclusion: Conclusion, unrecorded: [EventEnvelope], late: EventPromise?) {
        guard var running = command.take() else { preconditionFailure("no command was started") }
        var late: EventPromise?
        // Opened only now: whatever is open when the keeper begins is open there, too. After a
        // wait nothing is more urgent than the command.
        if acquired.release.waited < Self.briefTime {
            late = recorder.expectEvents { recorded($0) }
        }
        running.awaitStart(signals: signals)
        if running.pid != nil {
            var facts = acquired.facts
            ticket.readRunLine(into: &facts)
            publish(facts)
            context.notifier?.tell(.acquired(acquired.event))
        }
        late = late ?? recorder.expectEvents { recorded($0) }
        let began = life.state.sinceMonoUs
        let brief = Clock.monotonicMicroseconds() + Self.briefTime
        let early = running.wait(signals: signals, until: brief)
        if let early, !plan.hasSteps {
            let conclusion = conclusion(early, of: running, began)
            command = consume running
            return (conclusion, unrecorded, late)
        }
        let entry = AppendBatch(unrecorded, sweep: acquired.release.sweep())
        if late?.provide(entry) != true {
            recorder.enqueue(entry.lines, sweep: entry.sweep) { recorded($0) }
        }
        let conclusion =
            early.map { self.conclusion($0, of: running, began) }
            ?? outlast(&running, life, lock, ticket, began)
        command = consume running
        return (conclusion, [], nil)
    }

    /// Waits as long as the command may run, and ends it then.
    private func outlast(
        _ command: inout KeptCommand, _ life: DeploymentLife, _ lock: borrowing LockFile,
        _ ticket: borrowing Ticket, _ began: Int64
    ) -> Conclusion {
        var wait = LimitedWait(context, number: ticket.number, began: began) {
            life.start.output?.lastOutputAt ?? Clock.monotonicMicroseconds()
        }
        let (end, overrun) = wait.wait(&command)
        if let end { return conclusion(end, of: command, began) }
        guard let overrun else { preconditionFailure("a wait ends with an end or an overrun") }
        life.start.output?.settle()
        let held = Clock.monotonicMicroseconds() - acquiredMono(life)
        let event = life.release.events.overran(overrun.limit, overrun.length, held: held)
        ticket.note(nil, entries: [event.text])
        recorder.enqueue([event]) { recorded($0) }
        context.say(
            "#\(ticket.number) exceeded --\(overrun.limit) "
                + "\(DurationText.text(microseconds: overrun.length)) and is being ended: TERM, and "
                + "KILL after \(DurationText.text(microseconds: plan.limit.grace))")
        let last = life.end(&command, lock)
        let length = Clock.monotonicMicroseconds() - began
        var conclusion = Conclusion(
            last.map { Ending($0) } ?? Ending(ExitStatus.unknown), commandUs: length,
            failedStep: .overran)
        conclusion.failedStep = .overran
        conclusion.code = ExitCodes.overran
        conclusion.reason = FailedStep.overran.rawValue
        return conclusion
    }

    private func acquiredMono(_ life: DeploymentLife) -> Int64 { life.release.acquiredMonoUs }

    /// What a command's own end comes to, before anything has followed.
    private func conclusion(
        _ end: KeptCommand.End, of command: borrowing KeptCommand, _ began: Int64
    ) -> Conclusion {
        Conclusion(
            Ending(end), commandUs: Clock.monotonicMicroseconds() - began,
            failedStep: Ending(end).code != 0 && !command.stops.isEmpty ? .signal : nil)
    }

    private func sayStartFailure(_ ending: Ending) {
        guard let failure = ending.failure else { return }
        context.say(ExitCodes.startFailureWords(failure, plan.command.words))
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
        _ number: Int64, _ conclusion: Conclusion, _ release: Release.Result, waited: Int64,
        frozen: Int64
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
            "#\(number) \(conclusion.words): waited \(DurationText.text(microseconds: waited)), "
            + (frozen == 0 ? "" : "frozen \(DurationText.text(microseconds: frozen)), ")
            + "ran \(DurationText.text(microseconds: release.held))"
        if let file = conclusion.output?.file { text += "; output in \(file)" }
        if case .written(let head, _, _, _) = release.recorded {
            text += "; ledger \(Words.head(head))"
        }
        context.say(text)
    }
}
