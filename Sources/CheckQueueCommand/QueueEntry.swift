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
    /// When this attempt of a run began; since when a deployment on the server runs or waits: wall
    /// clock in µs.
    let sinceUs: Int64?
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
        sinceUs = run.sinceUs
        url = repository?.runURL(run.id)
    }

    init(status: String, number: Int64?, facts: DeploymentFacts?, sinceUs: Int64?) {
        id = number ?? facts?.number
        self.number = nil
        self.status = status
        sha = facts?.sha
        branch = facts?.ref
        event = nil
        actor = facts?.person
        title = facts?.command
        self.sinceUs = sinceUs
        url = nil
    }

    /// `#126`: as GitHub's pages and our tools call it.
    var label: String { (number ?? id).map { "#\($0)" } ?? "-" }

    /// For how long it has been there, in µs.
    func age(at now: Int64) -> Int64? { sinceUs.map { max(0, now - $0) } }

    /// The commit, short enough to read.
    var shortSHA: String { sha.map { String($0.prefix(10)) } ?? "-" }
}

/// All deployments that are pending, the last one at the end.
struct DeployQueue: Sendable {
    /// Where they are pending, for people.
    let place: String
    /// When it was counted, wall clock in µs.
    let countedAtUs: Int64
    var entries: [QueueEntry]
    /// Whether there are more than could be counted.
    let isCut: Bool
    /// What is pending and does not count, and why.
    var leftOut: [(entry: QueueEntry, why: Reason)] = []

    var length: Int { entries.count }
}
