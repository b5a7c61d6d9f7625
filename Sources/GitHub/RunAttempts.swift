/// The jobs of one attempt of a run.
private struct JobPage: Decodable {
    let jobs: [WorkflowJob]
}

extension GitHubClient {
    /// An earlier attempt of a run.
    package func attempt(
        _ attempt: Int64, of run: Int64, in repository: Repository
    ) throws(GitHubError) -> WorkflowRun {
        try get(
            WorkflowRun.self, of: repository, "actions/runs/\(run)/attempts/\(attempt)",
            query: [("exclude_pull_requests", "true")],
            subject: "attempt \(attempt) of run \(run) in \(repository)")
    }

    /// All jobs of one attempt of a run; as many as GitHub keeps.
    package func jobs(
        ofAttempt attempt: Int64, of run: Int64, in repository: Repository
    ) throws(GitHubError) -> [WorkflowJob] {
        var jobs: [WorkflowJob] = []
        while true {
            let page = try get(
                JobPage.self, of: repository, "actions/runs/\(run)/attempts/\(attempt)/jobs",
                query: [
                    ("per_page", String(RunListing.pageSize)),
                    ("page", String(jobs.count / RunListing.pageSize + 1)),
                ],
                subject: "jobs of run \(run) in \(repository)")
            jobs += page.jobs
            if page.jobs.count < RunListing.pageSize { return jobs }
        }
    }
}
