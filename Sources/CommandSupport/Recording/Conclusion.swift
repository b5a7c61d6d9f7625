import Glibc
package import Ledger
import SystemCalls

/// What a deployment that had the lock came to: how its command ended, and what followed.
package struct Conclusion: Sendable {
    /// Where the output of the command was kept.
    package struct Output: Hashable, Sendable {
        /// The path of the file.
        package let file: String
        /// How much it was by the release, and the SHA-256 of that in hexadecimal; nil when unknown.
        package let bytes: Int64?
        package let hash: String?

        /// Describes a file.
        package init(file: String, bytes: Int64?, hash: String?) {
            self.file = file
            self.bytes = bytes
            self.hash = hash
        }
    }

    /// How the command ended.
    package let ending: Ending
    /// The exit code of the wrapper.
    package var code: CInt
    /// Which step failed; nil for none.
    package var failedStep: FailedStep?
    /// Why, where the command's end does not say it.
    package var reason: String?
    /// How long the steps took, in µs; nil for those that never began.
    package var commandUs: Int64?
    package var healthUs: Int64?
    package var rollbackUs: Int64?
    /// What the check came to; nil without one, and where the command failed before it.
    package var health: HealthVerdict?
    /// What the rollback came to.
    package var rollback: StepResult?
    /// Steps that should have followed and never began, because the wrapper was lost.
    package var notReached: [String] = []
    /// Where the output was kept.
    package var output: Output?

    /// The reason of one whose check was lost with its wrapper.
    private static let neverChecked = "never checked"

    /// Of a command that nothing else has followed yet.
    package init(_ ending: Ending, commandUs: Int64?, failedStep: FailedStep? = nil) {
        self.ending = ending
        self.commandUs = ending.failure == nil ? commandUs : nil
        code = ending.code
        self.failedStep = ending.code == 0 ? failedStep : failedStep ?? .command
    }

    /// That the check which was planned never came to an end, because the wrapper was lost.
    package mutating func leaveUnchecked(code: CInt = ExitCodes.unhealthy) {
        health = .unchecked
        reason = Self.neverChecked
        self.code = code
        notReached = [FailedStep.health.rawValue]
    }

    /// Success only of what is known to be good.
    package var outcome: Outcome {
        if reason == Self.neverChecked { return .orphaned }
        return code == 0 ? .succeeded : .failed
    }

    /// `succeeded`, `failed its health check (exit code 69), rolled back`.
    package var words: String {
        var text = step
        switch rollback {
        case .done: text += "; rolled back"
        case nil: break
        default: text += "; the ROLLBACK FAILED"
        }
        return text
    }

    private var step: String {
        if reason == Self.neverChecked { return "was never checked: its wrapper was lost" }
        return switch failedStep {
        case .health: "failed its health check (exit code \(code))"
        case .overran: "took too long and was ended (exit code \(code))"
        case .signal where ending.code == 0:
            "was stopped during its health check by signal \(SignalName.of(code - 128)) "
                + "(exit code \(code))"
        default: ending.words
        }
    }
}

extension Conclusion {
    /// What the end of a deployment that had the lock tells of it.
    package init(released event: Event) {
        let signal = event.signal.map { CInt(clamping: $0) }
        let code = signal.map { 128 + $0 } ?? event.exitCode.map { CInt(clamping: $0) } ?? 0
        self.init(
            Ending(code: code, signal: signal, reason: event.reason, failure: nil),
            commandUs: event.commandUs)
        // Who wrote it before there were checks ended with the code of the command.
        self.code = event.endedWith.map { CInt(clamping: $0) } ?? code
        switch event.reason {
        case FailedStep.health.rawValue: failedStep = .health
        case FailedStep.overran.rawValue: failedStep = .overran
        case Self.neverChecked: reason = event.reason
        default: if code == 0, self.code != 0 { failedStep = .signal }
        }
        rollback = event.rollback.flatMap { StepResult(rawValue: $0) }
    }
}
