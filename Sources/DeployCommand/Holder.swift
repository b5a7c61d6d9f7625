import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
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
        let acquiredAt = Clock.wallMicroseconds()
        var facts = journal.facts(number: ticket.number)
        facts.acquiredAtUs = acquiredAt
        facts.started = RFC3339.toTheSecond(acquiredAt)
        facts.timestamp = acquiredAt / 1_000_000
        let acquired = journal.acquired(number: ticket.number, waited: waited)
        ticket.note(facts, entries: [acquired.text])

        let release = Release(
            events: journal.events(number: ticket.number), paths: plan.paths, recorder: recorder,
            queue: queue, waited: waited, acquiredMonoUs: acquiredMono,
            lockCameFreeAt: circumstances.lockWasHeld ? acquiredAt : nil)
        var unrecorded = [pending, acquired].compactMap(\.self)
        var late: LateEvents?
        let ending: Ending
        let result: Release.Result
        do {
            var command = try start(lock, ticket, release)
            // Opened only now: whatever is open when the keeper begins is open there, too. After a
            // wait nothing is more urgent than the command.
            if waited < Self.briefTime { late = recorder.expectEvents { recorded($0) } }
            command.awaitStart(signals: signals)
            if command.pid != nil {
                ticket.readRunLine(into: &facts)
                publish(facts)
            }
            late = late ?? recorder.expectEvents { recorded($0) }
            let brief = Clock.monotonicMicroseconds() + Self.briefTime
            if let end = command.wait(signals: signals, until: brief) {
                ending = Ending(end)
            } else {
                let entry = Entry(unrecorded, sweep: release.sweep())
                if late?.provide(entry) != true {
                    recorder.enqueue(entry.lines, sweep: entry.sweep) { recorded($0) }
                }
                late = nil
                unrecorded = []
                ending = Ending(command.wait(signals: signals))
            }
            if let failure = ending.failure {
                say(ExitCodes.startFailureWords(failure, plan.command.text))
            }
            outliveInnerDeployments(ticket)
            result = release.run(lock, ticket, ending, unrecorded, late, completion: recorded) {
                command.dismiss()
            }
            command.reap()
        } catch {
            ending = Ending(startFailure: error)
            if let failure = ending.failure {
                say(ExitCodes.startFailureWords(failure, plan.command.text))
            }
            result = release.run(lock, ticket, ending, unrecorded, nil, completion: recorded)
        }
        report(ticket.number, ending, result, waited: waited)
        return ending.code
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

    /// Says what came of a commit.
    private func recorded(_ result: RecordResult) {
        for words in result.words { say(words) }
        guard case .written(_, _, let swept, _) = result else { return }
        queue.removeRemnants()
        if plan.verbosity == .quiet { return }
        for found in swept { say(Words.swept(found)) }
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
                say("#\(ticket.number) waits for a deployment that its command left behind inside")
                hasSaidSo = true
            }
            _ = try? Poll.readable(
                [signals.descriptor], until: Clock.monotonicMicroseconds() + 50_000)
            if let signal = signals.nextForwarded() { inner.signal(signal) }
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
        _ number: Int64, _ ending: Ending, _ release: Release.Result, waited: Int64
    ) {
        if release.recorded == nil {
            say(
                "the ledger did not respond in time; what happened stands in the queue, and the next "
                    + "deployment records it")
        }
        if let forced = release.forced {
            say("#\(number) was force-unlocked by \(forced.by): \(forced.reason)")
        } else if plan.verbosity == .quiet {
            return
        }
        var text =
            "#\(number) \(ending.words): waited \(LengthOfTime.text(microseconds: waited)), "
            + "ran \(LengthOfTime.text(microseconds: release.held))"
        if case .written(let head, _, _, _) = release.recorded {
            text += "; ledger \(Words.head(head))"
        }
        say(text)
    }

    private func say(_ text: String) {
        Terminal.complain("deploy-with-lock: \(text)")
    }

    private func explain(_ text: String) {
        if plan.verbosity == .verbose { say(text) }
    }
}
