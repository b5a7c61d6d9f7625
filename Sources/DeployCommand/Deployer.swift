import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import SystemCalls
import Wording

/// One run of `deploy-with-lock`, from the request to the exit code.
struct Deployer: Sendable {
    private let plan: DeploymentPlan
    private let journal: Journal
    private let recorder: Recorder
    private let queue: WaitQueue

    /// Runs a deployment; the result is the exit code of the process.
    static func run(_ plan: DeploymentPlan) -> CInt {
        do {
            return try Deployer(plan).run()
        } catch {
            Terminal.complain("deploy-with-lock: the deployment cannot start: \(error)")
            return ExitCodes.lockUnusable
        }
    }

    private init(_ plan: DeploymentPlan) throws(SystemError) {
        self.plan = plan
        journal = Journal(plan)
        recorder = try Recorder(LedgerWriter(plan.ledger))
        queue = WaitQueue(plan.paths)
    }

    private func run() -> CInt {
        do {
            // Before anything is taken: a signal must not end us between two steps.
            let signals = try SignalInbox.open()
            let call = try NestedCall(
                in: queue, heldLockNamed: Environment.value("DEPLOY_LOCK_FILE"),
                deploymentNamed: Environment.value("DEPLOY_ID"))
            if let call { return runNested(call, signals) }
            return try deploy(signals)
        } catch let error as LockError {
            say(error.description)
            record([
                journal.requested(number: nil, ahead: 0),
                journal.leftQueue(
                    .refused, .refused, number: nil, reason: "the lock cannot be used"),
            ])
            return ExitCodes.lockUnusable
        } catch {
            say("the deployment cannot start: \(error)")
            return ExitCodes.lockUnusable
        }
    }

    private func deploy(_ signals: SignalInbox) throws -> CInt {
        var ahead = 0
        var decision = SkipDecision(plan.queueLimit)
        var skipped: EventLine?
        var request: EventLine?
        var gate = GateMonitor(timeout: plan.timeout, signals: signals)
        let answer = try queue.takeTicket(
            monitor: &gate, highestKnown: highestKnownNumber,
            admits: { decision.admits($0, to: queue) }
        ) { number in
            ahead =
                decision.pending?.count
                ?? (try? queue.tickets(below: number).count(where: \.isLive))
                ?? 0
            let event = journal.requested(number: number, ahead: ahead)
            request = event
            skipped = decision.excess.map { journal.skipped(number: number, because: $0) }
            return (
                journal.facts(number: number), [event, skipped].compactMap { $0?.text }
            )
        }
        let ticket: Ticket
        switch consume answer {
        case .taken(let taken): ticket = taken
        case .gaveUp: return leaveGate(gate.signal)
        }
        if let skipped { return skip(ticket, [request, skipped], decision) }
        explain("ticket #\(ticket.number) of \(plan.paths.lockFile), \(ahead) ahead")
        // After a short wait or none the request is recorded together with the acquisition.
        var narrator = Narrator(
            plan, number: ticket.number, queue: queue, signals: signals
        ) {
            [recorder, request] urgently in
            let claim = recorder.ledger.claim()
            guard let request, claim != nil || urgently else { return false }
            recorder.enqueue([request], holding: claim) { recorded($0) }
            return true
        }
        let isNewQueue = ticket.counterWasLost
        var acquisition = LockAcquisition(queue: queue, number: ticket.number) {
            isNewQueue ? holdersInLedger() : []
        }
        let result: LockAcquisition.Result
        do {
            result = try acquisition.run(wait: plan.timeout != nil, monitor: &narrator)
        } catch {
            narrator.close()
            say(error.description)
            let pending = narrator.hasRecorded ? nil : request
            return leave(ticket, pending, .refused, .refused, "the lock cannot be used")
                ?? ExitCodes.lockUnusable
        }
        narrator.close()
        let pending = narrator.hasRecorded ? nil : request
        switch consume result {
        case .acquired(let lock, let circumstances):
            // A deployment that was called off while it came first in line must not start.
            if narrator.isInterrupted() {
                try? lock.descriptor.unlock()
                return cancel(ticket, pending, narrator.signal)
            }
            let supersession = Supersession(
                plan: plan, journal: journal, recorder: recorder, queue: queue, signals: signals)
            if let covering = supersession.covering(ticket.number) {
                return supersession.stepAside(
                    for: covering, lock, ticket, circumstances, pending: pending)
            }
            narrator.sayAcquired()
            return Holder(plan, journal, recorder, queue, signals).run(
                lock, ticket, circumstances, pending: pending)
        case .refused(let obstacle):
            let holder = Words.holder(LockOwner(blocking: obstacle, in: queue))
            say("#\(ticket.number) refused, nothing was run: the lock is taken, \(holder)")
            return leave(ticket, pending, .refused, .refused, "no-wait") ?? plan.busyExitCode
        case .gaveUp(.timedOut):
            let waited = LengthOfTime.text(microseconds: journal.sinceRequest)
            say(
                "#\(ticket.number) gave up after \(waited), nothing was run: \(narrator.inTheWay); "
                    + "wait longer with --timeout, or look with 'check-deploy-lock'")
            return leave(ticket, pending, .timedOut, .timedOut, "timeout") ?? plan.busyExitCode
        case .gaveUp(.interrupted):
            return cancel(ticket, pending, narrator.signal)
        }
    }

    /// Ends a deployment that found too many ahead; nobody ever waits for it.
    private func skip(
        _ ticket: borrowing Ticket, _ events: [EventLine?], _ decision: SkipDecision
    ) -> CInt {
        if let banner = SkipBanner(ticket.number, plan, decision) {
            for line in banner.lines { say(line) }
        }
        if record(events) { ticket.remove() }
        return plan.skipExitCode
    }

    /// Ends a deployment that did not even get a number: somebody keeps the gate of the queue.
    private func leaveGate(_ signal: CInt?) -> CInt {
        let reason = signal.map { "signal \(SignalName.of($0))" } ?? "the queue's gate is stuck"
        let kind: EventKind = signal == nil ? .timedOut : .cancelled
        say(
            "gave up before it had a number (\(reason)), nothing was run"
                + (signal == nil ? "; see who keeps \(plan.paths.gateFile) with fuser(1)" : ""))
        record([
            journal.requested(number: nil, ahead: 0),
            journal.leftQueue(
                kind, signal == nil ? .timedOut : .cancelled, number: nil, reason: reason),
        ])
        return signal.map { 128 + $0 } ?? plan.busyExitCode
    }

    /// The living wrappers that have the lock as far as the ledger knows.
    private func holdersInLedger() -> [ProcessIdentity] {
        guard let reader = try? LedgerReader(path: plan.ledger.path, busyTimeoutMilliseconds: 200),
            let holders = try? reader.holders(host: Machine.hostName, lock: plan.paths.lockFile)
        else { return [] }
        return holders.compactMap { holder in
            guard let boot = holder.boot, let start = holder.pidStart else { return nil }
            return ProcessIdentity(
                boot: boot, pid: pid_t(truncatingIfNeeded: holder.pid),
                startTime: UInt64(truncatingIfNeeded: start))
        }
    }

    private func cancel(
        _ ticket: borrowing Ticket, _ pending: EventLine?, _ signal: CInt?
    ) -> CInt {
        let signal = signal ?? SIGTERM
        let name = SignalName.of(signal)
        say("#\(ticket.number) cancelled by signal \(name), nothing was run")
        return leave(ticket, pending, .cancelled, .cancelled, "signal \(name)") ?? 128 + signal
    }

    /// Makes room for those behind at once, then records why; the exit code when a forced unlock has
    /// decided the outcome in this moment.
    private func leave(
        _ ticket: borrowing Ticket, _ pending: EventLine?, _ kind: EventKind, _ outcome: Outcome,
        _ reason: String
    ) -> CInt? {
        let event = journal.leftQueue(kind, outcome, number: ticket.number, reason: reason)
        let (last, forced) = ticket.end(with: event)
        ticket.release()
        if record([pending] + last) { ticket.remove() }
        guard let forced else { return nil }
        say("#\(ticket.number) was force-unlocked by \(forced.by): \(forced.reason)")
        return plan.busyExitCode
    }

    private func runNested(_ call: consuming NestedCall, _ signals: SignalInbox) -> CInt {
        let outer = call.outer
        // Until we are done the outer deployment keeps the lock.
        defer { withExtendedLifetime(call) {} }
        explain("nested in deployment \(outer.number.map { "#\($0)" } ?? "with the lock")")
        var environment = [("DEPLOY_LOCK_FILE", plan.paths.lockFile)]
        if let deployment = outer.deployment { environment.append(("DEPLOY_ID", deployment)) }
        if let number = outer.number { environment.append(("DEPLOY_NUMBER", String(number))) }
        let events = journal.events(of: outer)
        let beginning = journal.nested(in: outer)
        let began = Clock.monotonicMicroseconds()
        let ending: Ending
        do {
            let mark = call.markDescriptor
            let succession = Succession(inside: events, beginning, plan, mark: mark)
            var command = try plan.command.start(
                environment: environment,
                Keeping(
                    inherited: mark, ticket: nil, successor: succession.arguments,
                    pidNamespace: Machine.pidNamespace),
                ignoresHangUp: signals.ignoresHangUp)
            command.awaitStart(signals: signals)
            record([beginning])
            ending = Ending(command.wait(signals: signals))
            let held = ending.failure == nil ? Clock.monotonicMicroseconds() - began : 0
            if let failure = ending.failure {
                say(ExitCodes.startFailureWords(failure, plan.command.text))
            }
            record([events.nestedEnd(held: held, ending: ending)])
            call.end()
            command.dismiss()
            command.reap()
        } catch {
            ending = Ending(startFailure: error)
            if let failure = ending.failure {
                say(ExitCodes.startFailureWords(failure, plan.command.text))
            }
            record([beginning, events.nestedEnd(held: 0, ending: ending)])
        }
        return ending.code
    }

    /// Asked when the counter beside the lock is lost: after a restart of the machine the ledger
    /// knows the last number.
    ///
    /// Numbers go on from the seconds since 1970 when others may have been given out since: a
    /// fencing token must never repeat. So when the ledger cannot tell, or when somebody removed the
    /// queue while the machine was up.
    private func highestKnownNumber(_ loss: WaitQueue.CounterLoss) -> Int64 {
        let seconds = Clock.wallMicroseconds() / 1_000_000
        if loss == .removed {
            say(
                "\(plan.paths.lockFile) was in use before without a counter beside it; numbers begin "
                    + "at the seconds since 1970, so that none is given twice")
            return seconds
        }
        do {
            return try recorder.ledger.highestNumber(lock: plan.paths.lockFile)
        } catch {
            say("the counter of the lock is lost and \(error); numbers go on from \(seconds)")
            return seconds
        }
    }

    /// Takes events to the ledger; false when they could not be kept anywhere in time.
    @discardableResult
    private func record(_ events: [EventLine?]) -> Bool {
        let result = recorder.record(events.compactMap(\.self)) { recorded($0) }
        if result == nil { say("the ledger did not respond in time") }
        return recorder.isComplete
    }

    private func recorded(_ result: RecordResult) {
        for words in result.words { say(words) }
    }

    private func say(_ text: String) {
        Terminal.complain("deploy-with-lock: \(text)")
    }

    private func explain(_ text: String) {
        if plan.verbosity == .verbose { say(text) }
    }
}
