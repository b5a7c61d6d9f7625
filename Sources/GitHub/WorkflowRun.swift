import FoundationEssentials
import Wording

/// One run of a workflow, as GitHub's REST API or `gh run list --json` tells it.
package struct WorkflowRun: Hashable, Sendable {
    /// Its id, which grows from run to run.
    package let id: Int64
    /// Its number in its workflow.
    package let number: Int64?
    /// The newest attempt, 1 for the first one.
    package let attempt: Int64
    /// Where it stands, such as `queued` or `completed`.
    package let status: String
    /// How it ended: `success`, `failure`, …; nil while it has not.
    package let conclusion: String?
    /// What set it off, such as `push`.
    package let event: String?
    /// The branch or tag.
    package let branch: String?
    /// The commit.
    package let sha: String?
    /// When the commit was made, in RFC 3339.
    package let committedAt: String?
    /// What it is called, from a commit message or the workflow; anybody's words.
    package let title: String?
    /// Who set off this attempt.
    package let actor: String?
    /// When the run came to be; the same for all attempts, in RFC 3339.
    package let createdAt: String?
    /// When this attempt began, in RFC 3339.
    package let startedAt: String?
    /// When something about it changed last, in RFC 3339: no end, but not before it.
    package let updatedAt: String?
    /// Its address.
    package let url: String?
    /// Its repository with the machine it is on, as far as it is told.
    package let repository: Repository?
    /// The name of its workflow.
    package let workflow: String?
    /// The path of its workflow's file in the repository.
    package let workflowPath: String?
    /// The id of its workflow.
    package let workflowID: Int64?
    /// Its jobs, where they are told with it.
    package let jobs: [WorkflowJob]?

    /// Statuses of runs that have not ended, in the order a run goes through them.
    ///
    /// Asked for in this order, a run that moves on between two requests is seen at least once.
    package static let pendingStatuses = [
        "requested", "waiting", "pending", "queued", "in_progress",
    ]

    /// Whether it has not ended, by its own status and conclusion alone.
    ///
    /// GitHub lists runs now and then that do not match what was asked for: completed ones among
    /// those that are queued, or ones in progress that have a conclusion. Both have ended, and what
    /// is listed that way may stay so for good.
    package var isPending: Bool { conclusion == nil && Self.pendingStatuses.contains(status) }

    /// Whether it has ended and its conclusion is final; until then it may go on, so not the
    /// contrary of `isPending`.
    package var isCompleted: Bool { status == "completed" }

    /// When this attempt began, or else when the run came to be, in UTC µs.
    package var sinceUs: Int64? { Self.moment(startedAt) ?? Self.moment(createdAt) }

    /// Its address; nil when it is not told, or is none of a run.
    package var address: RunAddress? { url.flatMap { RunAddress($0) } }

    /// UTC µs of a time that GitHub tells; nil for none and for the year 1, which stands for
    /// "never".
    package static func moment(_ text: String?) -> Int64? {
        guard let text, !text.hasPrefix("0001-") else { return nil }
        return RFC3339.microseconds(of: text)
    }
}

extension WorkflowRun: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    private struct Commit: Decodable {
        let timestamp: String?
    }

    private struct Person: Decodable {
        let login: String?
    }

    private struct Place: Decodable {
        let name: String?

        private enum CodingKeys: String, CodingKey { case name = "full_name" }
    }

    /// Reads either form; only the id and the status must be there.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        func value<Value: Decodable>(_ type: Value.Type, _ names: String...) -> Value? {
            for name in names {
                if let found = try? values.decodeIfPresent(type, forKey: Key(name)) { return found }
            }
            return nil
        }
        func text(_ names: String...) -> String? {
            for name in names {
                if let found = value(String.self, name), !found.isEmpty { return found }
            }
            return nil
        }
        let isREST = values.contains(Key("id")) && !values.contains(Key("databaseId"))
        id = try values.decode(Int64.self, forKey: Key(isREST ? "id" : "databaseId"))
        // GraphQL writes both in capitals.
        status = try values.decode(String.self, forKey: Key("status")).lowercased()
        number = value(Int64.self, "run_number", "number")
        // Which attempt it is decides which deployment it is.
        attempt =
            try values.decodeIfPresent(Int64.self, forKey: Key("run_attempt"))
            ?? values.decodeIfPresent(Int64.self, forKey: Key("attempt")) ?? 1
        conclusion = text("conclusion")?.lowercased()
        event = text("event")
        branch = text("head_branch", "headBranch")
        sha = text("head_sha", "headSha")
        committedAt = value(Commit.self, "head_commit")?.timestamp
        title = text("display_title", "displayTitle")
        actor =
            value(Person.self, "triggering_actor")?.login ?? value(Person.self, "actor")?.login
        createdAt = text("created_at", "createdAt")
        startedAt = text("run_started_at", "startedAt")
        updatedAt = text("updated_at", "updatedAt")
        url = text("html_url", "url")
        repository =
            url.flatMap { RunAddress($0) }?.repository
            ?? value(Place.self, "repository")?.name.flatMap { Repository($0) }
        workflow = text("workflowName", "name")
        // Behind an at sign stands the branch that a called workflow is of.
        workflowPath = text("path")?.split(separator: "@").first.map(String.init)
        workflowID = value(Int64.self, "workflow_id", "workflowDatabaseId")
        jobs = value([WorkflowJob].self, "jobs")
    }
}

/// One job of a run.
package struct WorkflowJob: Hashable, Sendable, Decodable {
    /// Its name; a job of a matrix or of a called workflow has more behind it.
    package let name: String
    /// How it ended; nil while it has not.
    package let conclusion: String?
    /// When it began, in RFC 3339.
    package let startedAt: String?
    /// When it ended, in RFC 3339.
    package let completedAt: String?

    private enum Key: String, CodingKey {
        case name, conclusion, startedAt, completedAt
        case restStartedAt = "started_at"
        case restCompletedAt = "completed_at"
    }

    /// Reads the form of the REST API or of `gh run view --json jobs`.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        name = try values.decode(String.self, forKey: .name)
        conclusion = try values.decodeIfPresent(String.self, forKey: .conclusion)?.lowercased()
        startedAt =
            try values.decodeIfPresent(String.self, forKey: .restStartedAt)
            ?? values.decodeIfPresent(String.self, forKey: .startedAt)
        completedAt =
            try values.decodeIfPresent(String.self, forKey: .restCompletedAt)
            ?? values.decodeIfPresent(String.self, forKey: .completedAt)
    }
}

/// One page of a listing of runs.
struct RunPage: Decodable {
    let total: Int
    let runs: [WorkflowRun]

    private enum CodingKeys: String, CodingKey {
        case total = "total_count"
        case runs = "workflow_runs"
    }
}
