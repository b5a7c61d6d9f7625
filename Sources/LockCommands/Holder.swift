import CommandSupport
import DeployLock
import Glibc
import Ledger
import ProcessRunner
import SystemCalls

/// A deployment from the moment it has the lock until the lock is free again.
struct Holder: Sendable {
    private let plan: DeploymentPlan
    private let journal: Journal
    private let ledger: LedgerWriter
    private let queue: WaitQueue
    private let signals: SignalInbox

    init(
        _ plan: DeploymentPlan, _ journal: Journal, _ ledger: LedgerWriter, _ queue: WaitQueue,
        _ signals: SignalInbox
    ) {
        self.plan = plan
        self.journal = journal
        self.ledger = ledger
        self.queue = queue
        self.signals = signals
    }

    /// Runs the command under the lock and records it; the result is the exit code.
    ///
    /// The order is what keeps every event through a kill at any point: first the ticket, which
    /// outlives us, then the deed, then the ledger. The ledger is written while the command runs.
    func run(
        _ lock: consuming LockFile, _ ticket: consuming Ticket,
        _ circumstances: LockAcquisition.Circumstances, pending: EventLine?
    ) -> CInt {
        let acquiredMono = Clock.monotonicMicroseconds()
        let waited = journal.sinceRequest
        var facts = journal.facts(number: ticket.number)
        let acquiredAt = Clock.wallMicroseconds()
        facts.acquiredAtUs = acquiredAt
        facts.started = Words.time(acquiredAt)
        facts.timestamp = acquiredAt / 1_000_000
        let acquired = journal.acquired(number: ticket.number, waited: waited)
        ticket.note(facts, entries: [acquired.text])

        let ending: Ending
        do {
            let command = try plan.command.start(
                environment: [
                    "DEPLOY_ID": journal.deployment.description,
                    "DEPLOY_NUMBER": String(ticket.number),
                    "DEPLOY_LOCK_FILE": plan.paths.lockFile,
                ],
                inheriting: lock.descriptor.rawValue, ignoresHangUp: signals.ignoresHangUp)
            facts.commandPid = command.pid
            facts.commandStart = ProcessIdentity(running: command.pid)?.startTime
            ticket.note(facts)
            publish(facts)
            recordStart([pending, acquired], circumstances)
            ending = Ending(command.wait(signals: signals))
        } catch {
            recordStart([pending, acquired], circumstances)
            ending = Ending(startFailure: error)
            say("\(error)")
        }

        let held = Clock.monotonicMicroseconds() - acquiredMono
        let released = journal.released(
            number: ticket.number, waited: waited, held: held, ending: ending)
        ticket.note(nil, entries: [released.text])
        facts.withdraw(from: plan.paths.infoFile)
        // With the ledger's own lock in hand, our release comes before the next one's acquisition;
        // if it is not free just now, nobody is kept waiting for it.
        let claim = ledger.claim()
        try? lock.descriptor.unlock()
        ticket.release()
        let result = ledger.record([released], holding: claim)
        if result.isDurable { ticket.remove() }
        report(ticket.number, ending, waited: waited, held: held, result)
        return ending.code
    }

    private func publish(_ facts: HolderInfo) {
        do {
            try facts.publish(at: plan.paths.infoFile)
        } catch {
            explain("the holder's facts could not be published: \(error)")
        }
    }

    /// Records the acquisition together with what the dead left behind.
    private func recordStart(
        _ events: [EventLine?], _ circumstances: LockAcquisition.Circumstances
    ) {
        let remains = Remains(queue, lockWasHeld: circumstances.lockWasHeld)
        let sweep = remains.sweep(
            lock: plan.paths.lockFile, recordedBy: journal.deployment)
        let result = ledger.record(events.compactMap(\.self), sweep: sweep)
        if let warning = result.warning { say(warning) }
        guard case .written(_, _, let swept) = result else { return }
        remains.remove()
        queue.removeAbandonedDrafts()
        if plan.verbosity == .quiet { return }
        for found in swept {
            let number = found.number.map { "#\($0)" } ?? found.deployment.description
            say("recorded that \(number) died without a word: \(found.outcome.rawValue)")
        }
    }

    private func report(
        _ number: Int64, _ ending: Ending, waited: Int64, held: Int64, _ result: RecordResult
    ) {
        if let warning = result.warning { say(warning) }
        if plan.verbosity == .quiet { return }
        var text =
            "#\(number) \(ending.words): waited \(DurationText.format(waited)), "
            + "ran \(DurationText.format(held))"
        if case .written(let head, _, _) = result { text += "; ledger \(head)" }
        say(text)
    }

    private func say(_ text: String) {
        Terminal.complain("deploy-with-lock: \(text)")
    }

    private func explain(_ text: String) {
        if plan.verbosity == .verbose { say(text) }
    }
}

extension Ending {
    init(_ status: ExitStatus) {
        code = status.code
        reason = nil
        switch status {
        case .exited: signal = nil
        case .signalled(let number): signal = number
        }
    }

    init(startFailure error: SystemError) {
        code = ExitCodes.startFailure(error.code)
        signal = nil
        reason = code == ExitCodes.notFound ? "command not found" : "command not executable"
    }

    /// `succeeded`, `failed with exit code 3`, `was ended by signal TERM (exit code 143)`.
    var words: String {
        if let signal { return "was ended by signal \(SignalName.of(signal)) (exit code \(code))" }
        if let reason { return "failed, \(reason) (exit code \(code))" }
        return code == 0 ? "succeeded" : "failed with exit code \(code)"
    }
}
