import CommandSupport
import DeployLock
import Ledger
import Secrets
import SystemCalls
import Wording

/// What a deployment says that was skipped: why, who is in the queue, what that means for its
/// commit, and how to deploy it anyway.
struct SkipBanner: Sendable {
    private let number: Int64
    private let plan: DeploymentPlan
    private let pending: PendingDeployments
    private let limit: QueueLimit

    /// Nil for a deployment that was not skipped.
    init?(_ number: Int64, _ plan: DeploymentPlan, _ decision: SkipDecision) {
        guard let limit = decision.limit, let pending = decision.excess else { return nil }
        self.number = number
        self.plan = plan
        self.pending = pending
        self.limit = limit
    }

    /// Line by line.
    var lines: [String] {
        let count = PluralText.text(pending.count, "deployment")
        let verb = pending.count == 1 ? "runs or waits" : "run or wait"
        var lines = [
            "#\(number) SKIPPED, nothing was run: \(count) \(verb) under "
                + "\(plan.paths.lockFile), and \(limit.setting) is \(limit.count)"
        ]
        let facts = pending.tickets.map { $0.text().facts }
        if let unlisted = pending.unlisted {
            lines.append("  running  \(Words.holder(unlisted))")
        }
        for (ticket, facts) in zip(pending.tickets, facts).prefix(Self.longestList) {
            let state = facts?.acquiredAtUs == nil ? "waiting" : "running"
            let words = facts.map { Words.deployment($0) } ?? "#\(ticket.number)"
            lines.append("  \(state)  \(words)")
        }
        let rest = pending.tickets.count - Self.longestList
        if rest > 0 { lines.append("  … and \(rest) more") }
        lines.append(notDelivered)
        if let newest = facts.last ?? nil, newest.acquiredAtUs == nil {
            lines += sameRef(newest)
        }
        lines.append("to deploy it anyway: \(again)")
        lines.append(
            limit.setting == "--max-queue"
                ? "  (or leave out --max-queue)" : "  (or unset \(limit.setting))")
        return lines
    }

    private static let longestList = 20

    private var notDelivered: String {
        let ref = plan.ref.map(Masking.mask)
        let what =
            plan.sha.map { "commit \(Masking.mask($0))" + (ref.map { " (\($0))" } ?? "") }
            ?? ref.map { "ref \($0)" } ?? "what it brings"
        return "\(what) is NOT DELIVERED by this deployment"
    }

    /// That the newest one waiting has the same ref does not say that it contains our commit.
    private func sameRef(_ newest: DeploymentFacts) -> [String] {
        guard let ref = plan.ref.map(Masking.mask) else { return [] }
        let name = newest.number.map { "#\($0)" } ?? "it"
        guard newest.ref == ref else {
            let other = newest.ref.map { "for ref \($0)" } ?? "without a ref"
            return ["the newest one waiting, \(name), is \(other), not \(ref)"]
        }
        let commit = newest.sha.map { ", commit \($0)" } ?? ""
        if let sha = plan.sha.map(Masking.mask), newest.sha == sha {
            return ["the newest one waiting, \(name), is for the same ref and commit"]
        }
        return [
            "the newest one waiting, \(name), is for the same ref\(commit); whether it contains "
                + "this commit is unknown here"
        ]
    }

    /// Our own command line with the option that gets past the limit.
    private var again: String {
        let words = ["deploy-with-lock", "--ignore-max-queue"] + ProcessArguments.all.dropFirst()
        return ShellText.quoted(Masking.mask(arguments: words))
    }
}
