import GitHub
import Ledger
import Reporting
import Wording

/// Makes what the ledger keeps of what GitHub tells.
struct RunReader {
    /// Jobs that deploy; the whole run when there are none.
    let jobs: [String]
    let tier: String?

    /// What became of one attempt.
    enum Reading {
        case run(ImportedRun)
        /// It goes on.
        case pending
        /// No deployment: its word for why.
        case leftOut(String)
    }

    /// - Parameters:
    ///   - run: the attempt as GitHub tells it.
    ///   - jobs: its jobs; nil when they are not known.
    func read(_ run: WorkflowRun, jobs: [WorkflowJob]?, in repository: Repository) -> Reading {
        guard run.status == "completed" else { return .pending }
        guard let created = Self.time(run.createdAt ?? run.startedAt) else {
            return .leftOut("no time")
        }
        let relevant = (jobs ?? []).filter { job in
            self.jobs.isEmpty || self.jobs.contains { job.isPart(of: $0) }
        }
        if !self.jobs.isEmpty, relevant.isEmpty { return .leftOut("no such job") }
        let verdict =
            self.jobs.isEmpty
            ? run.conclusion.flatMap { RunVerdict(conclusion: $0) } : RunVerdict(jobs: relevant)
        guard let verdict else { return .leftOut(run.conclusion ?? "no conclusion") }
        // What is changed about a run later changes updated_at, too; its jobs are as they were.
        let ends = relevant.compactMap { Self.time($0.completedAt) }
        guard let end = ends.max() ?? Self.time(run.updatedAt) else { return .leftOut("no end") }
        let starts = self.jobs.isEmpty ? [] : relevant.compactMap { Self.time($0.startedAt) }
        let start = starts.min() ?? Self.time(run.startedAt) ?? created
        var imported = ImportedRun(
            host: repository.host ?? "github.com", runURL: repository.runURL(run.id),
            attempt: run.attempt, createdAtUs: created, ran: min(start, end)...end,
            outcome: verdict.outcome, reason: verdict.reason)
        imported.actor = run.actor
        imported.tier = tier
        imported.sha = run.sha
        imported.ref = run.branch
        return .run(imported)
    }

    /// UTC µs of a time in RFC 3339; nil for the year 1, which stands for "never".
    static func time(_ text: String?) -> Int64? {
        guard let text, !text.hasPrefix("0001-"), text.contains("T"),
            let instant = try? TimeExpression(now: Instant(microseconds: 0), zone: .utc)
                .resolve(text)
        else { return nil }
        return instant.microseconds
    }
}
