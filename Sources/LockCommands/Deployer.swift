import CommandSupport
import DeployLock
import Glibc
import Ledger
import ProcessRunner
import SystemCalls
import Wording

/// One run of `deploy-with-lock`, from the request to the exit code.
struct Deployer: Sendable {
    private let plan: DeploymentPlan
    private let journal: Journal
    private let ledger: LedgerWriter
    private let queue: WaitQueue

    init(_ plan: DeploymentPlan) {
        self.plan = plan
        journal = Journal(plan)
        ledger = LedgerWriter(plan.ledger)
        queue = WaitQueue(plan.paths)
    }

    /// Runs the deployment; the result is the exit code of the process.
    func run() -> CInt {
        do {
            // Before anything is taken: a signal must not end us between two steps.
            let signals = try SignalInbox.open()
            let outer = NestedCall.outerDeployment(
                of: queue, heldLockNamed: Environment.value("DEPLOY_LOCK_FILE"),
                deploymentNamed: Environment.value("DEPLOY_ID"))
            if let outer { return runNested(in: outer, signals) }
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
        var request: EventLine?
        let ticket = try queue.takeTicket(highestKnown: highestKnownNumber) { number in
            ahead = (try? queue.tickets(below: number).count(where: \.isLive)) ?? 0
            let event = journal.requested(number: number, ahead: ahead)
            request = event
            return (journal.facts(number: number), [event.text])
        }
        explain("ticket #\(ticket.number) of \(plan.paths.lockFile), \(ahead) ahead")
        // On a free lock the request is recorded together with the acquisition.
        var narrator = Narrator(plan, queue: queue, signals: signals) { [ledger, request] in
            if let request { _ = ledger.record([request]) }
        }
        var acquisition = LockAcquisition(queue: queue, number: ticket.number)
        let result = try acquisition.run(wait: plan.timeout != nil, monitor: &narrator)
        narrator.close()
        let pending = narrator.hasWaited ? nil : request
        switch consume result {
        case .acquired(let lock, let circumstances):
            // A deployment that was called off while it came first in line must not start.
            if narrator.isInterrupted() {
                try? lock.descriptor.unlock()
                return cancel(ticket, pending, narrator.signal)
            }
            return Holder(plan, journal, ledger, queue, signals).run(
                lock, ticket, circumstances, pending: pending)
        case .refused(let obstacle):
            let holder = Words.holder(LockHolder.behind(obstacle, queue: queue))
            say("#\(ticket.number) refused, nothing was run: the lock is taken, \(holder)")
            leave(ticket, pending, .refused, .refused, "no-wait")
            return plan.busyExitCode
        case .gaveUp(.timedOut):
            let waited = LengthOfTime.text(microseconds: journal.sinceRequest)
            say(
                "#\(ticket.number) gave up after \(waited), nothing was run: "
                    + "the lock did not become free in time; see who had it with "
                    + "'deploystats deployments', or wait longer with --timeout")
            leave(ticket, pending, .timedOut, .timedOut, "timeout")
            return plan.busyExitCode
        case .gaveUp(.interrupted):
            return cancel(ticket, pending, narrator.signal)
        }
    }

    private func cancel(
        _ ticket: borrowing Ticket, _ pending: EventLine?, _ signal: CInt?
    ) -> CInt {
        let signal = signal ?? SIGTERM
        let name = SignalName.of(signal)
        say("#\(ticket.number) cancelled by signal \(name), nothing was run")
        leave(ticket, pending, .cancelled, .cancelled, "signal \(name)")
        return 128 + signal
    }

    /// Makes room for those behind at once, then records why.
    private func leave(
        _ ticket: borrowing Ticket, _ pending: EventLine?, _ kind: EventKind, _ outcome: Outcome,
        _ reason: String
    ) {
        let event = journal.leftQueue(kind, outcome, number: ticket.number, reason: reason)
        ticket.note(nil, entries: [event.text])
        ticket.release()
        if record([pending, event]) { ticket.remove() }
    }

    private func runNested(in outer: HolderInfo, _ signals: SignalInbox) -> CInt {
        explain("nested in deployment \(outer.number.map { "#\($0)" } ?? "with the lock")")
        var environment: [String: String] = ["DEPLOY_LOCK_FILE": plan.paths.lockFile]
        environment["DEPLOY_ID"] = outer.deployment
        environment["DEPLOY_NUMBER"] = outer.number.map(String.init)
        do {
            let command = try plan.command.start(
                environment: environment, inheriting: nil, ignoresHangUp: signals.ignoresHangUp)
            record([journal.nested(in: outer)])
            return command.wait(signals: signals).code
        } catch {
            say("\(error)")
            record([journal.nested(in: outer)])
            return ExitCodes.startFailure(error.code)
        }
    }

    /// Asked when the counter beside the lock is lost.
    ///
    /// When the ledger cannot tell either, numbers go on from the seconds since 1970: a fencing
    /// token must never repeat.
    private func highestKnownNumber() -> Int64 {
        do {
            let reader = try LedgerReader(path: plan.ledger.path, busyTimeoutMilliseconds: 500)
            return try reader.highestNumber(lock: plan.paths.lockFile) ?? 0
        } catch LedgerError.missing {
            return 0
        } catch {
            let seconds = Clock.wallMicroseconds() / 1_000_000
            say("the counter of the lock is lost and \(error); numbers go on from \(seconds)")
            return seconds
        }
    }

    /// Takes events to the ledger; false when they could not be kept anywhere.
    @discardableResult
    private func record(_ events: [EventLine?]) -> Bool {
        let result = ledger.record(events.compactMap(\.self))
        if let warning = result.warning { say(warning) }
        return result.isDurable
    }

    private func say(_ text: String) {
        Terminal.complain("deploy-with-lock: \(text)")
    }

    private func explain(_ text: String) {
        if plan.verbosity == .verbose { say(text) }
    }
}
