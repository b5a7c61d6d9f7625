import DeployLock
import GitHub

/// One deployment that is pending: a run in CI, or a ticket on this server.
struct QueueEntry: Hashable, Sendable {
    /// The run's id or the ticket's number; the last one in the queue has the highest.
    let id: Int64?
    /// The run's number in its workflow; nil for a ticket.
    let number: Int64?
    /// `queued`, `in_progress`, …; `running` or `waiting` on the server.
    let status: String
    let sha: String?
    let branch: String?
    /// What set the run off, such as `push`; nil for a ticket.
    let event: String?
    let actor: String?
    /// Anybody's words.
    let title: String?
    /// Where to look at it; made of what we know, never what somebody else says.
    let url: String?

    init(_ run: WorkflowRun, in repository: Repository?) {
        id = run.id
        number = run.number
        status = run.status
        sha = run.sha
        branch = run.branch
        event = run.event
        actor = run.actor
        title = run.title
        url = repository?.runURL(run.id)
    }

    init(status: String, number: Int64?, facts: HolderInfo?) {
        id = number ?? facts?.number
        self.number = nil
        self.status = status
        sha = facts?.sha
        branch = nil
        event = nil
        actor = facts?.person
        title = facts?.command
        url = nil
    }

    /// `#126`: as GitHub's pages and our tools call it.
    var label: String { (number ?? id).map { "#\($0)" } ?? "-" }

    /// The commit, short enough to read.
    var shortSHA: String { sha.map { String($0.prefix(10)) } ?? "-" }
}

/// All deployments that are pending, the last one at the end.
struct DeployQueue: Sendable {
    /// Where they are pending, for people.
    let place: String
    let entries: [QueueEntry]
    /// Whether there are more than could be counted.
    let isCut: Bool

    var length: Int { entries.count }
}
