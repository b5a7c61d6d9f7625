import GitHub
import Ledger

/// How a CI run ended in the words of the ledger, and when; `docs/github-import.md` has the table.
struct RunVerdict: Equatable {
    let outcome: Outcome
    /// The CI's own word.
    let reason: String

    /// What a conclusion means; nil when nothing was decided about a deployment.
    init?(conclusion: String) {
        switch conclusion {
        case "success", "neutral": outcome = .succeeded
        case "failure", "startup_failure": outcome = .failed
        case "cancelled", "stale": outcome = .cancelled
        case "timed_out": outcome = .timedOut
        case "skipped": outcome = .skipped
        default: return nil
        }
        reason = conclusion
    }

    /// What the conclusions of several jobs come to: the worst of those that ran.
    init?(jobs: [WorkflowJob]) {
        let conclusions = jobs.compactMap(\.conclusion)
        guard conclusions.count == jobs.count else { return nil }
        let worst = Self.fromWorst.first { conclusions.contains($0) }
        guard let worst else { return nil }
        self.init(conclusion: worst)
    }

    private static let fromWorst = [
        "timed_out", "failure", "startup_failure", "cancelled", "stale", "success", "neutral",
        "skipped",
    ]
}

extension WorkflowJob {
    /// Whether it is the job of that name, one of its matrix (`NAME (x)`), or one inside the
    /// workflow it calls (`NAME / x`).
    func isPart(of name: String) -> Bool {
        self.name == name || self.name.hasPrefix(name + " (") || self.name.hasPrefix(name + " / ")
    }
}
