/// Runs of a workflow that match a filter.
package struct RunListing: Sendable {
    /// The runs found.
    package let runs: [WorkflowRun]
    /// How many there are, though no more than 1,000 are ever listed.
    package let total: Int

    /// Whether GitHub kept some to itself.
    package var isCut: Bool { total > Self.mostListed }

    /// The most runs GitHub lists when there is a filter.
    ///
    /// Source: "List workflow runs for a workflow", docs.github.com.
    package static let mostListed = 1000
    static let pageSize = 100
}

extension GitHubClient {
    /// All runs of a workflow that a filter lets through, as far as GitHub lists them.
    ///
    /// - Parameters:
    ///   - workflow: the name of its file, or its id.
    ///   - enough: with more than this many in all, only the first page is read.
    package func runs(
        of repository: Repository, workflow: String, filter: [(name: String, value: String)],
        enough: Int = .max
    ) throws(GitHubError) -> RunListing {
        var runs: [WorkflowRun] = []
        var total = 0
        for page in 1...(RunListing.mostListed / RunListing.pageSize) {
            let answer = try get(
                RunPage.self, of: repository,
                "actions/workflows/\(GitHubClient.encoded(workflow))/runs",
                query: filter + [
                    ("exclude_pull_requests", "true"),
                    ("per_page", String(RunListing.pageSize)), ("page", String(page)),
                ],
                subject: "workflow '\(workflow)' in \(repository)")
            runs += answer.runs
            total = answer.total
            // Runs end while we read, and then the last page is short or missing.
            let isLast = answer.runs.count < RunListing.pageSize || runs.count >= total
            if isLast || total > enough { break }
        }
        return RunListing(runs: runs, total: total)
    }

    /// All runs of a workflow that have not ended, each once, and whether there are more than could
    /// be listed.
    package func pendingRuns(
        of repository: Repository, workflow: String
    ) throws(GitHubError) -> (runs: [WorkflowRun], isCut: Bool) {
        var found: [Int64: WorkflowRun] = [:]
        var isCut = false
        for status in WorkflowRun.pendingStatuses {
            let listing = try runs(
                of: repository, workflow: workflow, filter: [("status", status)])
            isCut = isCut || listing.isCut
            for run in listing.runs { found[run.id] = run }
        }
        return (found.values.filter(\.isPending).sorted { $0.id < $1.id }, isCut)
    }

    /// How one commit stands to another.
    package func comparison(
        in repository: Repository, of commit: String, with other: String
    ) throws(GitHubError) -> CommitComparison {
        if commit == other { return .identical }
        let range = "\(GitHubClient.encoded(commit))...\(GitHubClient.encoded(other))"
        let answer = try get(
            Comparison.self, of: repository, "compare/\(range)", query: [("per_page", "1")],
            subject: "commit \(commit) or \(other) in \(repository)")
        guard let comparison = CommitComparison(rawValue: answer.status) else {
            throw .garbage("the comparison of two commits is '\(answer.status)'")
        }
        return comparison
    }
}

/// How another commit stands to one, as GitHub's comparison says it.
package enum CommitComparison: String, Sendable {
    /// It is the same.
    case identical
    /// It contains the commit and more.
    case ahead
    /// It is older: contained in the commit.
    case behind
    /// Each has what the other has not.
    case diverged

    /// Whether who deploys the other commit deploys this one, too.
    package var contains: Bool { self == .identical || self == .ahead }
}

private struct Comparison: Decodable {
    let status: String
}
