import CommandSupport
import GitHub
import Ledger
import Wording

/// Imports the runs of a workflow through GitHub's API.
struct GitHubImport {
    let client: GitHubClient
    let repository: Repository
    let workflow: String
    /// What else is asked of them.
    let selection: RunSelection
    let reader: RunReader
    let target: ImportTarget

    private static let second: Int64 = 1_000_000
    /// GitHub starts a run again some dozens of times at most; each attempt costs two requests.
    private static let mostAttempts: Int64 = 1000

    /// Imports all runs that came to be between two times, both in UTC µs, oldest first.
    ///
    /// A listing that reaches the most that GitHub lists is asked for again in two halves.
    func run(since: Int64, until: Int64) throws {
        // GitHub's times are whole seconds.
        let range = "\(RFC3339.toTheSecond(since))..\(RFC3339.toTheSecond(until))"
        let listing = try client.runs(
            of: repository, workflow: workflow, filter: [("created", range)] + filter,
            enough: RunListing.mostListed - 1)
        if listing.total >= RunListing.mostListed {
            if until - since >= Self.second {
                let middle = since + (until - since) / 2 / Self.second * Self.second
                try run(since: since, until: middle)
                return try run(since: middle + Self.second, until: until)
            }
            Terminal.complain(
                "deploystats: more runs than GitHub lists came to be at \(range); some are missing")
        }
        try take(listing.runs.sorted { $0.id < $1.id })
    }

    /// GitHub knows one value of each; what it lets through is looked at again.
    private var filter: [(name: String, value: String)] {
        [("event", selection.events), ("branch", selection.branches)].flatMap { name, values in
            values.count == 1 ? [(name, values[0])] : []
        }
    }

    private func isWanted(_ run: WorkflowRun) -> Bool {
        guard case .other(let what) = selection.judge(run) else { return true }
        target.leftOut[what, default: 0] += 1
        return false
    }

    private func take(_ told: [WorkflowRun]) throws {
        let runs = told.filter(isWanted)
        let ended = runs.filter(\.isCompleted)
        let absurd = ended.count { $0.attempt > Self.mostAttempts }
        if absurd > 0 { target.leftOut["too many attempts", default: 0] += absurd }
        let attempts = ended.filter { $0.attempt <= Self.mostAttempts }.flatMap { run in
            (1...max(1, run.attempt)).map { (run: run, attempt: $0) }
        }
        target.pending += runs.count { !$0.isCompleted }
        let known = try target.known(
            among: attempts.compactMap { identity($0.run, $0.attempt) })
        for (run, attempt) in attempts {
            if let identity = identity(run, attempt), known.contains(identity) {
                target.skipKnown()
                continue
            }
            let told =
                attempt == run.attempt
                ? run
                : try found { () throws(GitHubError) in
                    try client.attempt(attempt, of: run.id, in: repository)
                }
            guard let told else {
                target.leftOut["attempt is gone", default: 0] += 1
                continue
            }
            let jobs = try found { () throws(GitHubError) in
                try client.jobs(ofAttempt: attempt, of: run.id, in: repository)
            }
            switch reader.read(told, jobs: jobs, at: address(run)) {
            case .run(let imported): try target.add(imported)
            case .pending: target.pending += 1
            case .leftOut(let why): target.leftOut[why, default: 0] += 1
            }
        }
    }

    private func address(_ run: WorkflowRun) -> RunAddress {
        run.address ?? RunAddress(repository, run: run.id)
    }

    private func identity(_ run: WorkflowRun, _ attempt: Int64) -> ImportedRun.Identity? {
        RunReader.identity(run, attempt: attempt, at: address(run))
    }

    /// What GitHub has; nil when it has forgotten it.
    private func found<Value>(
        _ ask: () throws(GitHubError) -> Value
    ) throws(GitHubError) -> Value? {
        do throws(GitHubError) {
            return try ask()
        } catch {
            if case .notFound = error { return nil }
            throw error
        }
    }
}
