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

    /// Which attempt of a run this is; nil when the run has no time.
    static func identity(
        _ run: WorkflowRun, attempt: Int64, at address: RunAddress
    ) -> ImportedRun.Identity? {
        WorkflowRun.moment(run.createdAt ?? run.startedAt).map { created in
            ImportedRun.Identity(
                host: address.host, run: run.id, attempt: attempt, createdAtUs: created)
        }
    }

    /// - Parameters:
    ///   - run: the attempt as GitHub tells it.
    ///   - jobs: its jobs; nil when they are not known.
    ///   - address: its address.
    func read(_ run: WorkflowRun, jobs: [WorkflowJob]?, at address: RunAddress) -> Reading {
        guard run.isCompleted else { return .pending }
        guard let identity = Self.identity(run, attempt: run.attempt, at: address) else {
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
        let start = starts.min() ?? WorkflowRun.moment(run.startedAt) ?? identity.atUs
        var imported = ImportedRun(
            identity, host: address.host, endedAtUs: end, ranUs: max(0, end - start),
            outcome: verdict.outcome)
        imported.reason = verdict.reason
        imported.runURL = address.url
        imported.attempt = run.attempt
        imported.actor = run.actor
        imported.tier = tier
        imported.sha = run.sha
        imported.ref = run.branch
        imported.runEvent = run.event
        imported.committedAtUs = WorkflowRun.moment(run.committedAt)
        // Every form of a run that GitHub tells has the name, few the file.
        imported.workflow =
            run.workflow ?? run.workflowPath?.split(separator: "/").last.map(String.init)
        return .run(imported)
    }
}
