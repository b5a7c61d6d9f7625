import Ledger
import Queries
import SystemCalls
import Wording

/// What an event tells of the steps of a deployment, and of freezes, in words.
struct StepSentence {
    let record: Event

    /// ` and 2h frozen`; empty where no freeze held it back.
    var frozenTime: String {
        guard let frozen = record.frozenUs, frozen > 0 else { return "" }
        return " and \(DurationText.text(microseconds: frozen)) frozen"
    }

    /// `, in spite of a freeze (hotfix)`; empty for one that overrode none.
    var override: String {
        guard record.overrode?.isEmpty == false else { return "" }
        let reason = record.overrideReason.map { " (\($0.escapedForTerminal))" } ?? ""
        return ", in spite of a freeze\(reason)"
    }

    /// What followed the command, at its end.
    var aftermath: String {
        var text = ""
        switch record.health.flatMap({ HealthVerdict(rawValue: $0) }) {
        case .healthy: text += "; its check passed"
        case .unhealthy: text += "; its check FAILED"
        case .unchecked: text += "; it was never checked"
        case nil: break
        }
        switch record.rollback.flatMap({ StepResult(rawValue: $0) }) {
        case .done: text += "; it was rolled back"
        case nil: break
        default: text += "; its rollback FAILED"
        }
        return text
    }

    /// Nil for a limit of another version.
    var overran: String? {
        guard let limit = record.limitUs.map({ DurationText.text(microseconds: $0) }) else {
            return nil
        }
        return switch record.reason {
        case "max-duration": "The command ran longer than \(limit), its --max-duration."
        case "max-silence": "The command printed nothing for \(limit), its --max-silence."
        default: nil
        }
    }

    /// A sentence such as `Attempt 2/3 of the check failed with exit code 22 after 1s.`.
    var healthChecked: String {
        let attempt = record.attempt.map { attempt in
            "Attempt \(attempt)" + (record.attempts.map { "/\($0)" } ?? "") + " of the check"
        }
        return "\(attempt ?? "The check") \(result)\(took)."
    }

    /// A sentence such as `The rollback succeeded after 12s (failed step: health).`.
    var rolledBack: String {
        let cause = record.failedStep.map { " (failed step: \($0.escapedForTerminal))" } ?? ""
        let number = record.lastGoodNumber.map { "#\($0)" }
        let sha = record.lastGoodSha.map { String($0.prefix(10)).escapedForTerminal }
        let good: String? =
            if let number, let sha { "\(number) (\(sha))" } else { number ?? sha }
        return "The rollback \(result)\(took)\(cause)"
            + (good.map { "; the last good deployment was \($0)" } ?? "") + "."
    }

    /// What a person did, such as `froze deployments until 2026-10-26 06:00:00 UTC`.
    func frozen(in zone: Zone) -> String {
        let until = record.untilUs.map { " until \(zone.text(Instant(microseconds: $0)))" } ?? ""
        let isNew = record.freeze == nil || record.freeze == record.id
        return (isNew ? "froze deployments" : "changed the freeze, now") + until
    }

    private var took: String {
        record.tookUs.map { " after \(DurationText.text(microseconds: $0))" } ?? ""
    }

    private var result: String {
        switch record.result.flatMap({ StepResult(rawValue: $0) }) {
        case .healthy: "passed"
        case .done: "succeeded"
        case .unhealthy, .failed: "failed" + end
        case .timedOut: "took too long and was ended"
        case .notRun: "could not be started"
        case .interrupted: "was interrupted"
        case nil: "ended in an unknown way"
        }
    }

    private var end: String {
        if let signal = record.signal {
            return " by signal \(SignalName.of(CInt(clamping: signal)))"
        }
        return record.exitCode.map { " with exit code \($0)" } ?? ""
    }
}
