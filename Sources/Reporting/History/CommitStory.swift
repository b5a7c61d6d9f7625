package import Queries
package import SQLite
import Wording

/// Whether a commit is live, and how every attempt to deploy it went.
package struct CommitStory: Sendable {
    /// What became of it under one lock.
    package enum Standing: String, Sendable {
        /// It is what the newest success brought.
        case live
        /// It is older than what is live, and got there.
        case replaced
        /// Something later succeeded, which usually contains it; with none of its own attempts it
        /// got there.
        case overtaken
        /// It waits or runs.
        case underWay = "under_way"
        /// It was tried, and nothing succeeded since.
        case missed
    }

    /// A lock, or the CI's own runs, where it was asked for.
    package struct Place: Sendable {
        /// The path of the lock; nil for runs that had none.
        package let lock: String?
        /// What became of it there.
        package let standing: Standing
        /// The same in a sentence; not escaped.
        package let sentence: String
        /// The number of the deployment that decides it.
        package let number: Int64?
        /// Since when.
        package let since: Instant?
    }

    /// The whole commit; what was asked for where several or none begin so.
    package let sha: String
    /// How many commits begin so.
    package let commits: Int
    /// One for each lock, in the order of their paths.
    package let places: [Place]
    /// Every attempt, oldest first.
    package let attempts: Table

    /// Asks the ledger.
    ///
    /// - Parameter sha: the commit or its beginning.
    package init(_ sha: String, on connection: Connection) throws(ReportError) {
        let query = try NamedQuery.named("commit")
        let rows = try QueryRun(query, on: connection, ["sha": .text(sha)]).rest()
        let whole = Set(rows.compactMap { $0.text("sha") })
        commits = whole.count
        self.sha = whole.count == 1 ? whole.first ?? sha : sha
        let live = try QueryRun(NamedQuery.named("live"), on: connection, [:]).rest()
        places = Set(rows.map { $0.text("lock") }).sorted { ($0 ?? "") < ($1 ?? "") }
            .map { lock in
                Place(
                    lock: lock, rows.filter { $0.text("lock") == lock },
                    live: live.first { $0.text("lock") == lock })
            }
        attempts = Table(
            columns: query.columns.map(\.tableColumn), rows: rows.map(\.cells))
    }
}

extension CommitStory.Place {
    /// - Parameters:
    ///   - attempts: those under the lock, oldest first; at least one.
    ///   - live: what is live under it.
    fileprivate init(lock: String?, _ attempts: [QueryRow], live: QueryRow?) {
        func name(_ number: Int64?) -> String { number.map { "#\($0)" } ?? "a CI run" }
        let liveNumber = live?.integer("number")
        let liveAt = live?.time("ended_at_us")
        let liveSha = live?.text("sha").map { String($0.prefix(10)) }
        let arrived = attempts.last { $0.text("reached") != nil }
        let current = attempts.last { row in
            row.text("reached") == "covered"
                ? row.integer("then_number") == liveNumber && liveNumber != nil
                : row.text("reached") != nil && row.text("sha") == live?.text("sha")
        }
        if let current {
            let isCovered = current.text("reached") == "covered"
            self.init(
                lock: lock, standing: .live,
                sentence: isCovered
                    ? "Live with \(name(liveNumber)), which covers it"
                    : "Live since \(name(liveNumber)) succeeded",
                number: liveNumber, since: liveAt)
        } else if let arrived {
            let number =
                arrived.text("reached") == "covered"
                ? arrived.integer("then_number") : arrived.integer("number")
            self.init(
                lock: lock, standing: .replaced,
                sentence: "It got there with \(name(number)); live now is "
                    + (liveSha.map { "\($0), deployed by \(name(liveNumber)), which contains it" }
                        ?? "what \(name(liveNumber)) deployed, whose commit is unknown and "
                        + "contains it") + " unless somebody went back",
                number: liveNumber, since: liveAt)
        } else if let open = attempts.last(where: {
            ["waiting", "running"].contains($0.text("outcome"))
        }) {
            self.init(
                lock: lock, standing: .underWay,
                sentence: "Not yet: \(name(open.integer("number"))) is "
                    + "\(open.text("outcome") ?? "under way")",
                number: open.integer("number"), since: open.time("requested_at_us"))
        } else if let next = attempts.last(where: {
            $0.text("afterwards") == "followed by" && $0.text("then_outcome") == "succeeded"
        }) {
            self.init(
                lock: lock, standing: .overtaken,
                sentence: "Not with a deployment of its own; \(name(next.integer("then_number"))), "
                    + "which was asked for later and succeeded, usually contains it",
                number: next.integer("then_number"), since: next.time("then_at_us"))
        } else {
            let last = attempts.last
            self.init(
                lock: lock, standing: .missed,
                sentence: "Not live: \(name(last?.integer("number"))) "
                    + "\(Self.words(last?.text("outcome"))), and nothing that was asked for later "
                    + "has succeeded",
                number: last?.integer("number"), since: last?.time("ended_at_us"))
        }
    }

    private static func words(_ outcome: String?) -> String {
        switch outcome {
        case "failed": "failed"
        case "superseded": "stepped aside"
        case "skipped", "cancelled", "refused": "was \(outcome ?? "")"
        case "timed_out": "timed out"
        case "orphaned": "was orphaned"
        case "force_unlocked": "was unlocked by force"
        default: "ended (\(outcome ?? "unknown"))"
        }
    }
}
