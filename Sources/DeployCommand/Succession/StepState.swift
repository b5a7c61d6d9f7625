import CommandSupport
import JSON
import Ledger
import SystemCalls

/// How far the life of a deployment has come, for the keeper of a lost wrapper: with it the running
/// step is ended as it would have been, and what was never reached is recorded.
struct StepState: Sendable {
    /// What runs.
    enum Step: String, RecordText, Sendable {
        case command, health, rollback
    }

    private(set) var step = Step.command
    /// Since when it runs and when it has to end, monotonic clock in µs.
    private(set) var sinceMonoUs: Int64 = 0
    private(set) var deadlineMonoUs: Int64?
    private(set) var limitUs: Int64?
    private(set) var graceUs: Int64 = 0

    /// Whether a check follows the command, and what its failure gives.
    private(set) var isChecked: Bool?
    private(set) var unhealthyCode: Int64 = 0
    /// The failures that a rollback follows.
    private var rollsBackOn: [String]?

    /// The attempt of a check that runs.
    private(set) var attempt: Int64?
    private(set) var attempts: Int64?
    /// How many successes are missing, this attempt included.
    private(set) var missing: Int64?
    /// Whether its exit code says all.
    private(set) var isJudgedByCode: Bool?
    /// When the check or the rollback began, monotonic clock in µs.
    private(set) var beganMonoUs: Int64?

    /// The end of the command, and what followed.
    private var commandCode: Int64?
    private var commandSignal: Int64?
    private var commandUs: Int64?
    private var endedWith: Int64?
    private var failedStep: FailedStep?
    private var health: HealthVerdict?
    private var healthUs: Int64?
    private(set) var lastGoodSha: String?
    private(set) var lastGoodNumber: Int64?
    private(set) var logFile: String?

    /// The command's, which is about to start.
    init(_ plan: DeploymentPlan, since: Int64, logFile: String?) {
        sinceMonoUs = since
        limitUs = plan.limit.duration
        deadlineMonoUs = limitUs.map { since + $0 }
        graceUs = plan.limit.grace
        isChecked = plan.health.map { _ in true }
        unhealthyCode = Int64(plan.health?.exitCode ?? 0)
        rollsBackOn = plan.rollback?.causes.map(\.rawValue).sorted()
        self.logFile = logFile
    }

    /// Reads what `text` gives.
    init?(_ text: String) {
        guard let members = CanonicalMembers(Array(text.utf8)) else { return nil }
        do { try read(members) } catch { return nil }
    }

    /// As an argument of a program.
    var text: String { json }

    /// Whether the keeper has to know it: that of a command whose end is all there is it knows.
    var isNeeded: Bool {
        limitUs != nil || isChecked == true || rollsBackOn != nil || logFile != nil
            || step != .command
    }

    /// Before the first attempt of a check, or a rollback.
    mutating func begin(_ step: Step, after conclusion: Conclusion) {
        self.step = step
        beganMonoUs = Clock.monotonicMicroseconds()
        commandCode = conclusion.ending.signal == nil ? Int64(conclusion.ending.code) : nil
        commandSignal = conclusion.ending.signal.map(Int64.init)
        commandUs = conclusion.commandUs
        endedWith = Int64(conclusion.code)
        failedStep = conclusion.failedStep
        health = conclusion.health
        healthUs = conclusion.healthUs
    }

    /// One attempt, which is about to start.
    mutating func attempt(
        _ number: Int, of health: HealthPlan, missing: Int, isJudgedByCode: Bool
    ) {
        attempt = Int64(number)
        attempts = Int64(health.attempts)
        self.missing = Int64(missing)
        self.isJudgedByCode = isJudgedByCode
        limit(to: health.timeout)
    }

    /// The rollback, which is about to start.
    mutating func rollBack(_ rollback: RollbackPlan, to good: LastGood?) {
        lastGoodSha = good?.sha
        lastGoodNumber = good?.number
        limit(to: rollback.timeout)
    }

    private mutating func limit(to length: Int64) {
        sinceMonoUs = Clock.monotonicMicroseconds()
        limitUs = length
        deadlineMonoUs = sinceMonoUs + length
    }

    /// What was known before this step; of the command's step nothing.
    var conclusion: Conclusion? {
        guard step != .command else { return nil }
        let signal = commandSignal.map { CInt(clamping: $0) }
        let code = signal.map { 128 + $0 } ?? CInt(clamping: commandCode ?? 0)
        var conclusion = Conclusion(
            Ending(code: code, signal: signal, reason: nil), commandUs: commandUs,
            failedStep: failedStep)
        conclusion.code = endedWith.map { CInt(clamping: $0) } ?? code
        conclusion.failedStep = failedStep
        conclusion.health = health
        conclusion.healthUs = healthUs
        return conclusion
    }

    /// Whether a rollback follows a failure of this kind.
    func rollsBack(on cause: FailedStep) -> Bool { rollsBackOn?.contains(cause.rawValue) ?? false }
}

extension StepState: RecordFields {
    /// All members, in the order of their keys.
    mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) {
        visitor.visit("attempt", &attempt)
        visitor.visit("attempts", &attempts)
        visitor.visit("began_mono_us", &beganMonoUs)
        visitor.visit("command_exit", &commandCode)
        visitor.visit("command_signal", &commandSignal)
        visitor.visit("command_us", &commandUs)
        visitor.visit("deadline_mono_us", &deadlineMonoUs)
        visitor.visit("ended_with", &endedWith)
        visitor.visit("failed_step", &failedStep)
        visitor.require("grace_us", &graceUs)
        visitor.visit("health", &health)
        visitor.visit("health_us", &healthUs)
        visitor.visit("is_checked", &isChecked)
        visitor.visit("is_judged_by_code", &isJudgedByCode)
        visitor.visit("last_good_number", &lastGoodNumber)
        visitor.visit("last_good_sha", &lastGoodSha)
        visitor.visit("limit_us", &limitUs)
        visitor.visit("log_file", &logFile)
        visitor.visit("missing", &missing)
        visitor.visit("rolls_back_on", &rollsBackOn)
        visitor.require("since_mono_us", &sinceMonoUs)
        visitor.require("step", &step)
        visitor.require("unhealthy_code", &unhealthyCode)
    }
}
