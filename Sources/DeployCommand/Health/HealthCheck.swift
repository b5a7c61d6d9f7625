import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import Secrets
import SystemCalls
import Wording

/// The check of a deployment whose command has succeeded: attempts until enough in a row have
/// succeeded, or none may any more.
struct HealthCheck {
    private let life: DeploymentLife
    private let plan: HealthPlan
    private var context: DeploymentContext { life.context }
    private let began = Clock.monotonicMicroseconds()
    /// Attempts that are not on their way to the ledger yet, and when others last were.
    private var pending: [EventEnvelope] = []
    private var recordedAt: Int64 = 0

    /// Attempts closer together than this, in µs, share a commit.
    private static let batchTime: Int64 = 1_000_000

    init(_ life: DeploymentLife, _ plan: HealthPlan) {
        self.life = life
        self.plan = plan
    }

    /// Checks.
    ///
    /// - Parameter command: what the keeper keeps: the command, then the last attempt.
    mutating func run(
        _ conclusion: inout Conclusion, _ command: inout KeptCommand?, _ lock: borrowing LockFile,
        _ ticket: borrowing Ticket
    ) {
        life.tell("health check: \(plan.words)")
        var state = life.state
        state.begin(.health, after: conclusion)
        conclusion.health = .unchecked
        var signal = pause(plan.delay, ticket)
        var (streak, attempt) = (0, 0)
        while signal == nil, !life.isDecided(ticket), streak < plan.stable {
            attempt += 1
            let missing = plan.stable - streak
            state.attempt(
                attempt, of: plan, missing: missing, isJudgedByCode: plan.isJudgedByCode)
            let result = look(attempt, state, &command, lock, ticket)
            signal = result.signal
            if signal != nil || result.isDecided { break }
            streak = result.result == .healthy ? streak + 1 : 0
            let left = plan.attempts - attempt
            if result.result == .notRun || streak < plan.stable && left < plan.stable - streak {
                conclusion.health = .unhealthy
                break
            }
            if streak < plan.stable { signal = pause(plan.interval, ticket) }
        }
        conclude(&conclusion, isHealthy: streak == plan.stable, signal)
    }

    private mutating func conclude(
        _ conclusion: inout Conclusion, isHealthy: Bool, _ signal: CInt?
    ) {
        conclusion.healthUs = Clock.monotonicMicroseconds() - began
        flush()
        if isHealthy {
            conclusion.health = .healthy
        } else if let signal {
            conclusion.failedStep = .signal
            conclusion.reason = "signal \(SignalName.of(signal))"
            conclusion.code = 128 + signal
        } else if conclusion.health == .unhealthy {
            conclusion.failedStep = .health
            conclusion.reason = FailedStep.health.rawValue
            conclusion.code = plan.exitCode
        }
    }

    private struct Look {
        let result: StepResult
        /// What told us to stop.
        let signal: CInt?
        /// Whether somebody else has decided about the deployment.
        let isDecided: Bool
    }

    /// One attempt.
    private mutating func look(
        _ attempt: Int, _ state: StepState, _ command: inout KeptCommand?,
        _ lock: borrowing LockFile, _ ticket: borrowing Ticket
    ) -> Look {
        let began = Clock.monotonicMicroseconds()
        let end: StepProcess.End
        var (result, why, printed): (StepResult, String, String?)
        do {
            let probe = try HealthProbe(plan, sha: context.plan.sha, number: ticket.number)
            end = try run(probe, attempt, state, began, &command, lock, ticket)
            (result, why) = probe.judge(end)
            printed = probe.printed
        } catch {
            end = StepProcess.End(status: nil, failure: error, took: 0)
            (result, why, printed) = (.notRun, "\(error)", nil)
        }
        if life.isDecided(ticket) { return Look(result: result, signal: nil, isDecided: true) }
        note(attempt, end, result, printed, ticket)
        say(attempt, result, why, printed, end)
        return Look(result: result, signal: end.signal, isDecided: false)
    }

    private func run(
        _ probe: borrowing HealthProbe, _ attempt: Int, _ state: StepState, _ began: Int64,
        _ command: inout KeptCommand?, _ lock: borrowing LockFile, _ ticket: borrowing Ticket
    ) throws(SystemError) -> StepProcess.End {
        let step = StepProcess(context: context)
        life.release(&command)
        command = try life.start.step(
            probe.arguments,
            [
                ("DEPLOY_HEALTH_ATTEMPT", String(attempt)),
                ("DEPLOY_HEALTH_ATTEMPTS", String(plan.attempts)),
            ], state, lock, ticket, output: probe.output.rawValue)
        command?.awaitStart(signals: context.signals)
        life.publish(.health, ticket)
        guard var running = command.take() else {
            return StepProcess.End(status: nil, failure: nil, took: 0)
        }
        let deadline = state.deadlineMonoUs ?? .max
        let end = step.wait(&running, ticket, since: began, until: deadline) { probe.bound() }
        command = consume running
        return end
    }

    private mutating func note(
        _ attempt: Int, _ end: StepProcess.End, _ result: StepResult, _ printed: String?,
        _ ticket: borrowing Ticket
    ) {
        let event = life.release.events.healthChecked(
            attempt: attempt, of: plan.attempts, result, end.status, took: end.took,
            printed: printed)
        ticket.note(nil, entries: [event.text])
        pending.append(event)
        let now = Clock.monotonicMicroseconds()
        if now >= recordedAt + Self.batchTime { flush() }
    }

    private mutating func flush() {
        if pending.isEmpty { return }
        recordedAt = Clock.monotonicMicroseconds()
        let context = context
        context.recorder.enqueue(pending) { context.recorded($0) }
        pending = []
    }

    private func say(
        _ attempt: Int, _ result: StepResult, _ why: String, _ printed: String?,
        _ end: StepProcess.End
    ) {
        let took = DurationText.text(microseconds: end.took)
        let head = "health check attempt \(attempt)/\(plan.attempts)"
        guard result != .healthy else {
            return life.tell("\(head): healthy (\(why), \(took))")
        }
        context.say("#\(life.number) \(head): \(result.words) after \(took): \(why)")
        for line in (printed ?? "").split(whereSeparator: \.isNewline).suffix(Self.shownLines) {
            context.say(
                "| \(Masking.mask(String(line)).escapedForTerminal.shortened(toColumns: 200))")
        }
    }

    private static let shownLines = 5

    /// Waits; the signal that told us to stop.
    private func pause(_ length: Int64, _ ticket: borrowing Ticket) -> CInt? {
        let end = Clock.monotonicMicroseconds() + length
        while Clock.monotonicMicroseconds() < end, !life.isDecided(ticket) {
            let next = min(end, Clock.monotonicMicroseconds() + Self.lookTime)
            _ = try? Poll.readable([context.signals.descriptor], until: next)
            if let signal = context.signals.nextStopping() { return signal }
        }
        return nil
    }

    /// Between looks at whether a person has freed the lock, in µs.
    private static let lookTime: Int64 = 500_000
}

extension StepResult {
    /// For people.
    var words: String {
        switch self {
        case .timedOut: "timed out"
        case .notRun: "not run"
        default: rawValue
        }
    }
}
