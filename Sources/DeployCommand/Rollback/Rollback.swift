import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import SystemCalls
import Wording

/// The rollback of a deployment that failed: once, under the same lock, whatever comes of it.
struct Rollback {
    let life: DeploymentLife
    let plan: RollbackPlan
    private var context: DeploymentContext { life.context }

    /// Rolls back.
    ///
    /// - Parameter command: what the keeper keeps: the last step, then the rollback.
    func run(
        after cause: FailedStep, _ conclusion: inout Conclusion, _ command: inout KeptCommand?,
        _ lock: borrowing LockFile, _ ticket: borrowing Ticket
    ) {
        context.say("#\(life.number) \(conclusion.words); rolling back\(life.lastGood.words)")
        var state = life.state
        state.begin(.rollback, after: conclusion)
        state.rollBack(plan, to: life.lastGood)
        let began = Clock.monotonicMicroseconds()
        var end: StepProcess.End
        do {
            end = try run(cause, conclusion, state, &command, lock, ticket)
        } catch {
            end = StepProcess.End(
                status: nil, failure: error, took: Clock.monotonicMicroseconds() - began)
        }
        conclusion.rollbackUs = end.took
        if life.isDecided(ticket) { return }
        let result = Self.result(end)
        conclusion.rollback = result
        let event = life.release.events.rolledBack(
            after: cause, result, end.status, took: end.took,
            to: (life.lastGood?.sha, life.lastGood?.number))
        ticket.note(nil, entries: [event.text])
        let context = context
        context.recorder.enqueue([event]) { context.recorded($0) }
        say(result, end)
        if let length = plan.freeze { freeze(for: length, ticket) }
    }

    /// Before the lock is free: the next deployment must not bring the same again.
    private func freeze(for length: Int64, _ ticket: borrowing Ticket) {
        let made = FreezeAfterRollback.make(
            for: length, after: (context.journal.deployment, life.number),
            origin: context.plan.origin, in: context.queue)
        switch made {
        case .success(let event):
            ticket.note(nil, entries: [event.text])
            let context = context
            context.recorder.enqueue([event]) { context.recorded($0) }
            context.notifier?.note(.frozen)
            context.say(
                "#\(life.number) deployments are frozen for "
                    + "\(DurationText.text(microseconds: length)); lift that with 'deploystats unfreeze'"
            )
        case .failure(let error):
            context.say("#\(life.number) deployments could not be frozen: \(error)")
        }
    }

    private func run(
        _ cause: FailedStep, _ conclusion: Conclusion, _ state: StepState,
        _ command: inout KeptCommand?, _ lock: borrowing LockFile, _ ticket: borrowing Ticket
    ) throws(SystemError) -> StepProcess.End {
        let began = Clock.monotonicMicroseconds()
        life.release(&command)
        command = try life.start.step(
            ["/bin/sh", "-c", plan.line], variables(cause, conclusion), state, lock, ticket)
        command?.awaitStart(signals: context.signals)
        life.publish(.rollback, ticket, endedWith: conclusion.code)
        guard var running = command.take() else {
            return StepProcess.End(status: nil, failure: nil, took: 0)
        }
        let end = wait(&running, since: began, until: state.deadlineMonoUs ?? .max, lock, ticket)
        command = consume running
        return end
    }

    /// What the rollback is told.
    private func variables(
        _ cause: FailedStep, _ conclusion: Conclusion
    ) -> [(name: String, value: String?)] {
        let good = life.lastGood
        return [
            ("DEPLOY_FAILED_STEP", cause.rawValue),
            ("DEPLOY_FAILED_EXIT_CODE", String(conclusion.code)),
            ("DEPLOY_FAILED_SHA", context.plan.sha), ("DEPLOY_FAILED_REF", context.plan.ref),
            ("DEPLOY_LAST_GOOD_SHA", good?.sha), ("DEPLOY_LAST_GOOD_REF", good?.ref),
            ("DEPLOY_LAST_GOOD_NUMBER", good?.number.map { String($0) }),
            ("DEPLOY_LAST_GOOD_ID", good?.id.description),
            ("DEPLOY_LAST_GOOD_AT", good?.endedAtUs.map { RFC3339.toTheSecond($0) }),
            ("DEPLOY_LAST_GOOD_TIER", good?.tier),
        ]
    }

    /// The first signal is noted and said, each further one goes to the rollback.
    private func wait(
        _ command: inout KeptCommand, since began: Int64, until deadline: Int64,
        _ lock: borrowing LockFile, _ ticket: borrowing Ticket
    ) -> StepProcess.End {
        let process = StepProcess(context: context)
        var passedOn: CInt?
        var seen = 0
        while true {
            let now = Clock.monotonicMicroseconds()
            if now >= deadline {
                let end = life.end(&command, lock)
                return process.result(end, since: began, isOverdue: true)
            }
            let look = min(deadline, now + 1_000_000)
            let end = command.wait(signals: context.signals, until: look)
            for signal in command.stops.dropFirst(seen) {
                seen += 1
                let name = SignalName.of(signal)
                if seen == 1 {
                    context.say(
                        "#\(life.number) signal \(name) noted: the rollback goes on; a second one "
                            + "goes to it")
                } else if let pid = command.pid {
                    kill(-pid, signal)
                    passedOn = signal
                }
            }
            if let end { return process.result(end, since: began, signal: passedOn) }
        }
    }

    private static func result(_ end: StepProcess.End) -> StepResult {
        if end.isOverdue { return .timedOut }
        guard let status = end.status else { return .notRun }
        if status.code == 0 { return .done }
        return end.signal == nil ? .failed : .interrupted
    }

    private func say(_ result: StepResult, _ end: StepProcess.End) {
        let took = DurationText.text(microseconds: end.took)
        if result == .done { return context.say("#\(life.number) rolled back in \(took)") }
        let why =
            end.status.map { Ending($0).words } ?? end.failure.map { "\($0)" } ?? "was not started"
        let time = result == .timedOut ? "it took longer than --rollback-timeout allows; " : ""
        context.say(
            "#\(life.number) ROLLBACK FAILED after \(took): \(time)it \(why); what the server runs "
                + "is unknown")
    }
}

extension LastGood? {
    /// `to #40 (commit 1a2b3c4d)`, or that nobody knows what was good.
    fileprivate var words: String {
        guard let self else { return ", with no good deployment before it known" }
        let number = self.number.map { "#\($0)" } ?? self.id.description
        let commit = self.sha.map { " (commit \(String($0.prefix(8)).escapedForTerminal))" } ?? ""
        return "; the last good one was \(number)\(commit)"
    }
}
