import SystemCalls

/// One deployment that is pending: a run in CI, or a ticket on this server.
package struct QueueEntry: Hashable, Sendable {
    /// The run's id or the ticket's number; the last one in the queue has the highest.
    package let id: Int64?
    /// The run's number in its workflow; nil for a ticket.
    package let number: Int64?
    /// `queued`, `in_progress`, …; `running` or `waiting` on the server.
    package let status: String
    /// The commit.
    package let sha: String?
    /// The branch or tag.
    package let branch: String?
    /// What set the run off, such as `push`; nil for a ticket.
    package let event: String?
    /// Who asked.
    package let actor: String?
    /// Anybody's words.
    package let title: String?
    /// When this attempt of a run began; since when a deployment on the server runs or waits: wall
    /// clock in µs.
    package let sinceUs: Int64?
    /// Where to look at it; made of what we know, never what somebody else says.
    package let url: String?

    /// A run of a workflow.
    package init(_ run: WorkflowRun, in repository: Repository?) {
        id = run.id
        number = run.number
        status = run.status
        sha = run.sha
        branch = run.branch
        event = run.event
        actor = run.actor
        title = run.title
        sinceUs = run.sinceUs
        url = repository?.runURL(run.id)
    }

    /// A ticket on this server.
    package init(
        id: Int64?, status: String, sha: String?, branch: String?, actor: String?, title: String?,
        sinceUs: Int64?
    ) {
        self.id = id
        number = nil
        self.status = status
        self.sha = sha
        self.branch = branch
        event = nil
        self.actor = actor
        self.title = title
        self.sinceUs = sinceUs
        url = nil
    }

    /// `#126`: as GitHub's pages and our tools call it.
    package var label: String { (number ?? id).map { "#\($0)" } ?? "-" }

    /// For how long it has been there, in µs.
    package func age(at now: Int64) -> Int64? { sinceUs.map { max(0, now - $0) } }

    /// The commit, short enough to read.
    package var shortSHA: String { sha.map { String($0.prefix(10)) } ?? "-" }
}

/// All deployments that are pending, the last one at the end.
package struct DeployQueue: Sendable {
    /// Where they are pending, for people.
    package let place: String
    /// When it was counted, wall clock in µs.
    package let countedAtUs: Int64
    /// What is pending and counts.
    package internal(set) var entries: [QueueEntry]
    /// Whether there are more than could be counted.
    package let isCut: Bool
    /// What is pending and does not count, and why.
    package internal(set) var leftOut: [(entry: QueueEntry, why: Reason)] = []

    /// How many count.
    package var length: Int { entries.count }

    /// What is pending somewhere; all of it counts.
    package init(place: String, countedAtUs: Int64, entries: [QueueEntry], isCut: Bool) {
        self.place = place
        self.countedAtUs = countedAtUs
        self.entries = entries
        self.isCut = isCut
    }
}

extension GitHubClient {
    /// The runs of a workflow that have not ended.
    ///
    /// - Parameter ownRun: the run that asks and is not in its own way.
    package func queue(
        of repository: Repository, workflow: String, without ownRun: Int64? = nil
    ) throws(GitHubError) -> DeployQueue {
        let found = try pendingRuns(of: repository, workflow: workflow)
        return DeployQueue(
            place: "\(workflow) in \(repository)", countedAtUs: Clock.wallMicroseconds(),
            entries: found.runs.filter { $0.id != ownRun }.map { QueueEntry($0, in: repository) },
            isCut: found.isCut)
    }
}
