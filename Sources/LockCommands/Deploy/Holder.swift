import CommandSupport
import DeployLock
import Glibc
import Ledger
import ProcessRunner
import SystemCalls
import Wording

/// A deployment from the moment it has the lock until the lock is free again.
struct Holder: Sendable {
    private let plan: DeploymentPlan
    private let journal: Journal
    private let recorder: Recorder
    private let queue: WaitQueue
    private let signals: SignalInbox

    init(
        _ plan: DeploymentPlan, _ journal: Journal, _ recorder: Recorder, _ queue: WaitQueue,
        _ signals: SignalInbox
    ) {
        self.plan = plan
        self.journal = journal
        self.recorder = recorder
        self.queue = queue
        self.signals = signals
    }

    /// A command that ends within this time, in µs, is recorded in one commit.
    private static let briefTime: Int64 = 10_000

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
        let lockCameFreeAt = circumstances.lockWasHeld ? acquiredAt : nil
        facts.acquiredAtUs = acquiredAt
        facts.started = RFC3339.toTheSecond(acquiredAt)
        facts.timestamp = acquiredAt / 1_000_000
        let acquired = journal.acquired(number: ticket.number, waited: waited)
        ticket.note(facts, entries: [acquired.text])

        var unrecorded = [pending, acquired].compactMap(\.self)
        // After a wait nothing is more urgent than the command.
        var late = waited < Self.briefTime ? recorder.expectEvents { recorded($0) } : nil
        let ending: Ending
        do {
            var command = try plan.command.start(
                environment: [
                    ("DEPLOY_ID", journal.deployment.description),
                    ("DEPLOY_NUMBER", String(ticket.number)),
                    ("DEPLOY_LOCK_FILE", plan.paths.lockFile),
                ],
                inheriting: lock.descriptor.rawValue, ignoresHangUp: signals.ignoresHangUp)
            facts.commandPid = command.pid
            facts.commandStart = ProcessIdentity(running: command.pid)?.startTime
            ticket.note(facts)
            publish(facts)
            late = late ?? recorder.expectEvents { recorded($0) }
            let brief = Clock.monotonicMicroseconds() + Self.briefTime
            if let status = command.wait(signals: signals, until: brief) {
                ending = Ending(status)
            } else {
                let remains = Remains(
                    queue, lockCameFreeAt: lockCameFreeAt, isTrusted: recorder.ledger.isTrusted)
                if late?.provide(Entry(unrecorded, sweep: sweep(remains))) != true {
                    recorder.enqueue(unrecorded, sweep: sweep(remains)) { recorded($0) }
                }
                late = nil
                unrecorded = []
                ending = Ending(command.wait(signals: signals))
            }
        } catch {
            ending = Ending(startFailure: error)
            say("\(error)")
        }

        outliveInnerDeployments(ticket)
        let held = Clock.monotonicMicroseconds() - acquiredMono
        func released(isForced: Bool) -> EventLine {
            journal.released(
                number: ticket.number, waited: waited, held: held, ending: ending,
                isForced: isForced)
        }
        var last = [released(isForced: false)]
        let forced = ticket.end { text in
            if let text {
                // Our ledger may be another one than that of whoever freed the lock.
                let decision = text.entries.compactMap { EventLine(text: $0) }
                last = decision + [released(isForced: true)]
            }
            return last.last.map { [$0.text] } ?? []
        }?.forced
        facts.withdraw(from: plan.paths.infoFile)
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
        // The next command is more urgent than our bookkeeping. A waiter comes to life in steps, its
        // waiting thread first, each of which may need the processor we are on.
        for _ in 0..<3 { Processor.yield() }
        // Of those behind us one may have the lock now, so only those before us are provably dead.
        let remains =
            unrecorded.isEmpty
            ? nil
            : Remains(
                queue, lockCameFreeAt: lockCameFreeAt, before: ticket.number,
                isTrusted: recorder.ledger.isTrusted)
        let entry = Entry(unrecorded + last, sweep: remains.map { sweep($0) })
        let result =
            late?.provide(entry) == true
            ? recorder.finish()
            : recorder.record(entry.lines, holding: claim, sweep: entry.sweep) { recorded($0) }
        if recorder.isComplete {
            if forced?.isAbandonment == true { ticket.removeAbandoned() } else { ticket.remove() }
        }
        report(ticket.number, ending, forced, waited: waited, held: held, result)
        return ending.code
    }

    private func sweep(_ remains: Remains) -> Sweep {
        remains.sweep(lock: plan.paths.lockFile, recordedBy: journal.deployment)
    }

    /// Says what came of a commit.
    private func recorded(_ result: RecordResult) {
        for words in result.words { say(words) }
        guard case .written(_, _, let swept) = result else { return }
        queue.removeRemnants()
        if plan.verbosity == .quiet { return }
        for found in swept { say(Words.swept(found)) }
    }

    /// A deployment that our command started inside and left in the background has the lock too.
    private func outliveInnerDeployments(_ ticket: borrowing Ticket) {
        var hasSaidSo = false
        while !ticket.closesToInnerDeployments() {
            if !hasSaidSo {
                say("#\(ticket.number) waits for a deployment that its command left behind inside")
                hasSaidSo = true
            }
            _ = try? Poll.readable(
                [signals.descriptor], until: Clock.monotonicMicroseconds() + 50_000)
            if let signal = signals.nextForwarded() {
                for process in HoldingProcesses(ofMarksOn: ticket.path).processes {
                    kill(process.pid, signal)
                }
            }
        }
    }

    private func publish(_ facts: HolderInfo) {
        do {
            try facts.publish(at: plan.paths.infoFile)
        } catch {
            explain("the holder's facts could not be published: \(error)")
        }
    }

    private func report(
        _ number: Int64, _ ending: Ending, _ forced: ForcedMark?, waited: Int64, held: Int64,
        _ result: RecordResult?
    ) {
        if result == nil {
            say(
                "the ledger does not answer; what happened stands in the queue, and the next "
                    + "deployment records it")
        }
        if let forced {
            say("#\(number) was force-unlocked by \(forced.by): \(forced.reason)")
        } else if plan.verbosity == .quiet {
            return
        }
        var text =
            "#\(number) \(ending.words): waited \(LengthOfTime.text(microseconds: waited)), "
            + "ran \(LengthOfTime.text(microseconds: held))"
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
        reason = ExitCodes.startFailureReason(error)
    }

    /// `succeeded`, `failed with exit code 3`, `was ended by signal TERM (exit code 143)`.
    var words: String {
        if let signal { return "was ended by signal \(SignalName.of(signal)) (exit code \(code))" }
        if let reason { return "failed, \(reason) (exit code \(code))" }
        return code == 0 ? "succeeded" : "failed with exit code \(code)"
    }
}
