import GitHub
import Ledger

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
        guard run.isCompleted else { return .pending }
        guard let created = WorkflowRun.moment(run.createdAt ?? run.startedAt) else {
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
        let ends = relevant.compactMap { WorkflowRun.moment($0.completedAt) }
        guard let end = ends.max() ?? WorkflowRun.moment(run.updatedAt) else {
            return .leftOut("no end")
        }
        let starts =
            self.jobs.isEmpty ? [] : relevant.compactMap { WorkflowRun.moment($0.startedAt) }
        let start = starts.min() ?? WorkflowRun.moment(run.startedAt) ?? created
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
}
