import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import SystemCalls
import Wording

/// One run of `deploy-with-lock`, from the request to the exit code: it takes a ticket, waits, decides
/// whether to run, runs.
struct Deployer: Sendable {
    private let context: DeploymentContext
    private var plan: DeploymentPlan { context.plan }
    private var journal: Journal { context.journal }
    private var queue: WaitQueue { context.queue }

    /// Runs a deployment; the result is the exit code of the process.
    static func run(_ plan: DeploymentPlan) -> CInt {
        do {
            // Before anything is taken: a signal must not end us between two steps.
            let context = try DeploymentContext(plan, SignalInbox.open())
            let code = Deployer(context).run()
            context.notifier?.finish(signals: context.signals)
            return code
        } catch {
            Terminal.complain("deploy-with-lock: the deployment cannot start: \(error)")
            return ExitCodes.lockUnusable
        }
    }

    private init(_ context: DeploymentContext) {
        self.context = context
    }

    private func run() -> CInt {
        do {
            let outer = try NestedCall(
                in: queue, heldLockNamed: Environment.value("DEPLOY_LOCK_FILE"),
                deploymentNamed: Environment.value("DEPLOY_ID"))
            if let outer { return NestedRun(context).run(outer) }
            return try deploy()
        } catch let error as LockError {
            context.say(error.description)
            leaveUnnumbered(.refused, .refused, ReasonCode.unusable.rawValue)
            return ExitCodes.lockUnusable
        } catch {
            context.say("the deployment cannot start: \(error)")
            return ExitCodes.lockUnusable
        }
    }

    private func deploy() throws -> CInt {
        var gate = TicketWait(timeout: plan.timeout, signals: context.signals)
        guard let arrival = try arrive(&gate) else { return leaveGate(gate.signal) }
        if let refusal = arrival.refusal { return leaveAtOnce(arrival, refusal) }
        context.explain(
            "ticket #\(arrival.ticket.number) of \(plan.paths.lockFile), \(arrival.ahead) ahead")
        var narrator = narrator(for: arrival)
        let result: LockAcquisition.Result
        do {
            result = try wait(arrival, &narrator)
        } catch {
            narrator.close()
            context.say(error.description)
            let pending = narrator.hasRecorded ? nil : arrival.request
            return leave(
                arrival.ticket, pending, .refused, .refused, ReasonCode.unusable.rawValue)
                ?? ExitCodes.lockUnusable
        }
        narrator.close()
        return decide(result, arrival, &narrator)
    }

    /// A deployment that has its place in the queue.
    private struct Arrival: ~Copyable {
        let ticket: Ticket
        let request: EventEnvelope
        /// How many were there before.
        let ahead: Int
        /// Why it may not join.
        let refusal: Refusal?
    }

    /// Why a deployment leaves as soon as it has come, with its last event.
    private enum Refusal {
        /// Enough others are there.
        case skipped(EventEnvelope, SkipDecision)
        /// Deployments are frozen for longer than it may wait.
        case frozen(EventEnvelope, Freezes)

        var event: EventEnvelope {
            switch self {
            case .skipped(let event, _), .frozen(let event, _): event
            }
        }
    }

    /// Takes a ticket; nil when the wait for the gate ended without one.
    private func arrive(_ gate: inout TicketWait) throws(LockError) -> Arrival? {
        var ahead = 0
        var decision = SkipDecision(plan.queueLimit)
        var watch = FreezeWatch(
            overrides: plan.freeze.overrideReason != nil,
            deadline: Clock.monotonicMicroseconds() + (plan.timeout ?? 0))
        var tickets: [TicketFile] = []
        var isFrozen = false
        var joined: (request: EventEnvelope, refusal: Refusal?)?
        // Asked before others have to wait at the gate.
        let committedAt = plan.committedAtUs ?? CommitTime(of: plan.sha)?.microseconds
        let answer = try queue.takeTicket(
            monitor: &gate,
            highestKnown: { NumberSource(context).highestKnown($0) },
            admits: { number in
                let listing = try? queue.listing(below: number)
                tickets = listing?.tickets ?? []
                isFrozen = watch.judge(listing?.freezes ?? []) == .tooLong
                return !isFrozen && decision.admits(number, to: queue)
            }
        ) { number in
            ahead =
                decision.pending?.count ?? tickets.count { $0.isLive || $0.mayStillRun }
            let request = journal.requested(
                number: number, ahead: ahead, committedAt: committedAt)
            let refusal =
                isFrozen
                ? Refusal.frozen(
                    journal.leftQueue(
                        .refused, .refused, number: number, reason: ReasonCode.frozen.rawValue),
                    watch.freezes)
                : decision.excess.map {
                    .skipped(journal.skipped(number: number, because: $0), decision)
                }
            joined = (request, refusal)
            return (
                journal.facts(number: number), [request, refusal?.event].compactMap { $0?.text }
            )
        }
        guard case .taken(let ticket) = consume answer, let joined else { return nil }
        return Arrival(
            ticket: ticket, request: joined.request, ahead: ahead, refusal: joined.refusal)
    }

    /// After a short wait or none the request is recorded together with the acquisition.
    private func narrator(for arrival: borrowing Arrival) -> WaitReporter {
        let request = arrival.request
        return WaitReporter(
            plan, number: arrival.ticket.number, queue: queue, signals: context.signals
        ) { [context] urgently in
            let claim = context.recorder.ledger.claim()
            guard claim != nil || urgently else { return false }
            context.recorder.enqueue([request], holding: claim) { context.recorded($0) }
            return true
        }
    }

    private func wait(
        _ arrival: borrowing Arrival, _ narrator: inout WaitReporter
    ) throws(LockError) -> LockAcquisition.Result {
        let isNewQueue = arrival.ticket.counterWasLost
        var acquisition = LockAcquisition(queue: queue, number: arrival.ticket.number) {
            isNewQueue ? NumberSource(context).holders() : []
        }
        return try acquisition.run(wait: plan.timeout != nil, monitor: &narrator)
    }

    /// What becomes of a deployment whose wait is over.
    private func decide(
        _ result: consuming LockAcquisition.Result, _ arrival: consuming Arrival,
        _ narrator: inout WaitReporter
    ) -> CInt {
        let pending = narrator.hasRecorded ? nil : arrival.request
        let ticket = arrival.ticket
        let frozen = narrator.freezes.frozenUs
        switch consume result {
        case .acquired(let lock, let circumstances):
            // A deployment that was called off while it came first in line must not start.
            if narrator.isInterrupted() {
                try? lock.descriptor.unlock()
                return cancel(ticket, pending, narrator.signal, frozen)
            }
            let supersession = Supersession(context)
            if let covering = supersession.covering(ticket.number) {
                return supersession.stepAside(
                    for: covering, lock, ticket, circumstances, pending: pending)
            }
            sayOverride(ticket.number, circumstances.overridden)
            narrator.sayAcquired()
            return LockedRun(context).run(lock, ticket, circumstances, pending: pending)
        case .refused(let obstacle):
            let holder = Words.holder(LockOwner(blocking: obstacle, in: queue))
            context.say("#\(ticket.number) refused, nothing was run: the lock is taken, \(holder)")
            return leave(ticket, pending, .refused, .refused, ReasonCode.noWait.rawValue)
                ?? plan.busyExitCode
        case .gaveUp(.frozen): return leaveFrozen(ticket, pending, narrator.freezes)
        case .gaveUp(.timedOut) where narrator.freezes.isOnlyReason:
            return leaveFrozen(ticket, pending, narrator.freezes)
        case .gaveUp(.timedOut):
            let waited = DurationText.text(microseconds: journal.sinceRequest)
            context.say(
                "#\(ticket.number) gave up after \(waited), nothing was run: \(narrator.inTheWay); "
                    + "wait longer with --timeout, or look with 'check-deploy-lock'")
            return leave(ticket, pending, .timedOut, .timedOut, "timeout", frozen)
                ?? plan.busyExitCode
        case .gaveUp(.interrupted):
            return cancel(ticket, pending, narrator.signal, frozen)
        }
    }

    /// Ends a deployment that found too many ahead, or a freeze that it cannot outlast; nobody ever
    /// waits for it.
    private func leaveAtOnce(_ arrival: borrowing Arrival, _ refusal: Refusal) -> CInt {
        var code = plan.skipExitCode
        switch refusal {
        case .skipped(_, let decision):
            if let banner = SkipBanner(arrival.ticket.number, plan, decision) {
                for line in banner.lines { context.say(line) }
            }
        case .frozen(_, let freezes):
            sayFrozen(arrival.ticket.number, freezes)
            code = plan.busyExitCode
        }
        if context.record([arrival.request, refusal.event]) { arrival.ticket.remove() }
        context.notifier?.tell(.left(refusal.event))
        return code
    }

    /// Ends a deployment that deployments are frozen for, longer than it may wait.
    private func leaveFrozen(
        _ ticket: borrowing Ticket, _ pending: EventEnvelope?, _ watch: FreezeWatch
    ) -> CInt {
        sayFrozen(ticket.number, watch.freezes)
        return leave(
            ticket, pending, .refused, .refused, ReasonCode.frozen.rawValue, watch.frozenUs)
            ?? plan.busyExitCode
    }

    private func sayFrozen(_ number: Int64, _ freezes: Freezes) {
        context.say(
            "#\(number) refused, nothing was run: deployments are \(Words.frozen(freezes)); "
                + (plan.timeout == nil ? "" : "wait longer with --timeout, or ")
                + "deploy anyway with --override-freeze REASON")
    }

    private func sayOverride(_ number: Int64, _ freezes: Freezes) {
        guard !freezes.isEmpty, let reason = plan.freeze.overrideReason else { return }
        context.say(
            "#\(number) overrides a freeze (\(reason.escapedForTerminal)): deployments are "
                + Words.frozen(freezes))
    }

    /// Ends a deployment that did not even get a number: somebody keeps the gate of the queue.
    private func leaveGate(_ signal: CInt?) -> CInt {
        let reason = signal.map { "signal \(SignalName.of($0))" } ?? "the queue's gate is stuck"
        context.say(
            "gave up before it had a number (\(reason)), nothing was run"
                + (signal == nil ? "; see who holds \(plan.paths.gateFile) with fuser(1)" : ""))
        guard let signal else {
            leaveUnnumbered(.timedOut, .timedOut, reason)
            return plan.busyExitCode
        }
        leaveUnnumbered(.cancelled, .cancelled, reason)
        return 128 + signal
    }

    private func leaveUnnumbered(_ kind: EventKind, _ outcome: Outcome, _ reason: String) {
        let event = journal.leftQueue(kind, outcome, number: nil, reason: reason)
        context.record([
            journal.requested(number: nil, ahead: 0, committedAt: plan.committedAtUs), event,
        ])
        context.notifier?.tell(.left(event))
    }

    private func cancel(
        _ ticket: borrowing Ticket, _ pending: EventEnvelope?, _ signal: CInt?, _ frozen: Int64
    ) -> CInt {
        let signal = signal ?? SIGTERM
        let name = SignalName.of(signal)
        context.say("#\(ticket.number) cancelled by signal \(name), nothing was run")
        return leave(ticket, pending, .cancelled, .cancelled, "signal \(name)", frozen)
            ?? 128 + signal
    }

    /// Makes room for those behind at once, then records why; the exit code when a forced unlock has
    /// decided the outcome in this moment.
    private func leave(
        _ ticket: borrowing Ticket, _ pending: EventEnvelope?, _ kind: EventKind,
        _ outcome: Outcome, _ reason: String, _ frozen: Int64 = 0
    ) -> CInt? {
        let event = journal.leftQueue(
            kind, outcome, number: ticket.number, reason: reason, frozen: frozen)
        let (last, forced) = ticket.end(with: event)
        ticket.release()
        if context.record([pending] + last) { ticket.remove() }
        context.notifier?.tell(.left(event, forced: forced))
        guard let forced else { return nil }
        context.say("#\(ticket.number) was force-unlocked by \(forced.by): \(forced.reason)")
        return plan.busyExitCode
    }
}
