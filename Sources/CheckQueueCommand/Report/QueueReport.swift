import GitHub
import Wording

/// What was counted, what is decided, and everything there is to tell about it.
struct QueueReport: Sendable {
    let rule: SkipRule
    /// What is pending; nil when it could not be counted.
    let queue: DeployQueue?
    /// Why it could not be counted.
    let problem: String?
    /// What is frozen where it would deploy; nil for nothing, and when nobody was asked.
    let freeze: QueueFreeze?
    let decision: Decision
    /// The run the notice is about.
    let last: QueueEntry?
    /// Nil unless the run is skipped and CI was asked.
    let containment: Containment?
    /// Commands that deploy this commit now, with what they do.
    let commands: [(command: [String], about: String)]
    /// This run's commit.
    let sha: String?

    var skips: Bool { decision.skips }

    /// Why, in one sentence without its end, and what was not counted for it.
    var why: String {
        queue?.leftOutWords.map { "\(verdict); not counted: \($0)" } ?? verdict
    }

    private var verdict: String {
        let length = queue?.length ?? 0
        let pending = PluralText.text(length, "deployment is pending", "deployments are pending")
        let more = queue?.isCut == true ? ", and more than GitHub lists" : ""
        switch decision {
        case .frozen: return "deployments are \(freeze?.words ?? "frozen")"
        case .tooMany: return "\(pending)\(more) and the threshold is \(rule.threshold)"
        case .belowThreshold: return "\(pending), fewer than the threshold of \(rule.threshold)"
        case .newerPending:
            return "a newer run of \(rule.branch ?? "this branch") is pending: "
                + (last?.label ?? "-")
        case .isNewest:
            return "no newer run of \(rule.branch ?? "this branch") is pending (\(pending) in all)"
        case .askedFor:
            return rule.event == "workflow_dispatch"
                ? "a run started by hand is never skipped (\(pending))"
                : "a run started again is never skipped (\(pending))"
        case .thresholdOff: return "--threshold 0 never skips (\(pending))"
        case .unknown: return "the queue is unknown: \(problem ?? "")"
        }
    }

    /// What becomes of this commit; empty unless the run is skipped.
    var consequences: [String] {
        if decision == .frozen {
            let mine = sha.map { "This commit \($0.prefix(10))" } ?? "This commit"
            return ["\(mine) is not deployed until another run does it."]
        }
        guard skips, let last else { return [] }
        var lines: [String] = []
        var about = "Last queued: \(last.label)"
        if last.sha != nil { about += " of commit \(last.shortSHA)" }
        if let branch = last.branch { about += " on \(branch)" }
        about += " (\(last.status))"
        if let url = last.url { about += ", \(url)" }
        lines.append(about + ".")
        let mine = sha.map { "this commit \($0.prefix(10))" } ?? "this commit"
        switch containment {
        case nil: break
        case .contains:
            lines.append("It contains \(mine), which is deployed with it if that run succeeds.")
        case .lacks(.behind):
            lines.append(
                "It is older and does NOT contain \(mine): this commit is not deployed until "
                    + "another run does it.")
        case .lacks:
            lines.append(
                "It does NOT contain \(mine): this commit is not deployed until another run does it."
            )
        case .unknown(let reason):
            lines.append("Unknown whether it contains \(mine): \(reason).")
        }
        return lines
    }

    /// All of it in one line, for other steps and for annotations.
    var notice: String {
        let verdict = skips ? "Skipped" : problem == nil ? "Not skipped" : "Not skipped, unchecked"
        let now = commands.first.map { ["Deploy it now: \(ShellText.quoted($0.command))"] } ?? []
        return (["\(verdict): \(why)."] + consequences + (skips ? now : []))
            .joined(separator: " ").escapedForTerminal
    }
}
