package import JSON
package import Queries
package import SQLite
import Wording

/// A deployment that has no outcome yet.
package struct InFlightDeployment: Sendable {
    /// Its id.
    package let id: String
    /// Its ticket.
    package let number: Int64?
    /// The path of the lock.
    package let lock: String?
    /// Whether it has the lock; otherwise it waits.
    package let isRunning: Bool
    /// The machine it runs on.
    package let host: String?
    /// That machine's boot.
    package let boot: String?
    /// The process that answers for it: its wrapper or, when that was lost, its keeper.
    package let pid: Int64?
    /// When the process started, in clock ticks since boot.
    package let pidStart: Int64?
    /// The pid namespace the pid belongs to; nil when that was not recorded.
    package let pidNamespace: Int64?
    /// The person who asked.
    package let actor: String?
    /// Where it came from.
    package let source: String?
    /// The kind of deployment.
    package let tier: String?
    /// The commit.
    package let sha: String?
    /// The branch or tag.
    package let ref: String?
    /// The address of the CI run.
    package let runURL: String?
    /// Since when it waits or runs.
    package let since: Instant?
    /// When its wrapper was lost; nil when it was not.
    package let wrapperLost: Instant?
}

extension InFlightDeployment {
    package init(_ row: QueryRow) {
        id = row.text("id") ?? ""
        number = row.integer("number")
        lock = row.text("lock")
        isRunning = row.text("state") == "running"
        host = row.text("host")
        boot = row.text("boot")
        pid = row.integer("pid")
        pidStart = row.integer("pid_start")
        pidNamespace = row.integer("pid_ns")
        actor = row.text("actor") ?? row.text("user")
        source = row.text("source")
        tier = row.text("tier")
        sha = row.text("sha")
        ref = row.text("ref")
        runURL = row.text("run_url")
        since = isRunning ? row.time("acquired_at_us") : row.time("requested_at_us")
        wrapperLost = row.time("wrapper_lost_at_us")
    }
}

/// The deployments in flight now, and which of them are seen dead; nothing is recorded of that.
package struct InFlight: Sendable {
    /// All of them, oldest first.
    package let deployments: [InFlightDeployment]
    /// The ids of those whose process is known to be gone.
    package let dead: Set<String>

    /// Nobody.
    package static let none = InFlight(deployments: [], dead: [])

    private init(deployments: [InFlightDeployment], dead: Set<String>) {
        self.deployments = deployments
        self.dead = dead
    }

    /// Asks the ledger who is in flight and `isDead` who of them is gone.
    package init(
        _ connection: Connection, filter: ReportFilter,
        isDead: (InFlightDeployment) -> Bool
    ) throws(ReportError) {
        deployments =
            try QueryRun(NamedQuery.named("in-flight"), on: connection, filter.parameters)
            .rest().map(InFlightDeployment.init)
        dead = Set(deployments.filter(isDead).map(\.id))
    }

    /// Waiters that wait no more.
    package var deadWaiters: [String] {
        deployments.filter { !$0.isRunning && dead.contains($0.id) }.map(\.id)
    }

    /// Waiters that are not known to be gone.
    package var liveWaiters: [InFlightDeployment] {
        deployments.filter { !$0.isRunning && !dead.contains($0.id) }
    }

    package func json(now: Instant) -> JSONValue {
        let list = deployments.map { deployment -> JSONValue in
            var members: [(key: String, value: JSONValue)] = [
                ("deployment", .string(deployment.id)),
                ("number", .optional(deployment.number)),
                ("lock", .optional(deployment.lock)),
                ("state", .string(deployment.isRunning ? "running" : "waiting")),
                ("seen_dead", .bool(dead.contains(deployment.id))),
            ]
            if let since = deployment.since {
                let age = now.microseconds - since.microseconds
                members.append(("since", .string(since.rfc3339)))
                members.append(("age_seconds", .seconds(microseconds: age)))
            }
            if let lost = deployment.wrapperLost {
                members.append(("wrapper_lost_at", .string(lost.rfc3339)))
            }
            return .object(members)
        }
        let running = deployments.count(where: \.isRunning)
        return .object([
            ("waiting", .integer(Int64(deployments.count - running))),
            ("running", .integer(Int64(running))),
            ("seen_dead", .integer(Int64(dead.count))),
            ("deployments", .array(list)),
        ])
    }

    /// One line such as `1 running (#41 alice, 4m12s), 2 waiting, 1 of them seen dead`.
    package func text(now: Instant) -> String {
        if deployments.isEmpty { return "none" }
        let running = deployments.filter(\.isRunning)
        let waiting = deployments.count - running.count
        var parts: [String] = []
        if !running.isEmpty {
            let shown = running.prefix(3).map { describe($0, now) }.joined(separator: "; ")
            let more = running.count > 3 ? "; …" : ""
            parts.append("\(running.count) running (\(shown)\(more))")
        }
        if waiting > 0 { parts.append("\(waiting) waiting") }
        return parts.joined(separator: ", ")
    }

    /// What is seen dead; nil when nothing is.
    package func deadText() -> String? {
        let gone = deployments.filter { dead.contains($0.id) }
        if gone.isEmpty { return nil }
        let names = gone.prefix(5).map(Self.name).joined(separator: ", ")
        let more = gone.count > 5 ? ", …" : ""
        return "\(gone.count) of them dead (\(names)\(more)): the wrapper is gone; the next "
            + "deployment under that lock will record it"
    }

    /// What runs for longer than `limit`, in microseconds; nil when nothing does.
    package func longText(now: Instant, limit: Int64) -> String? {
        let long = deployments.filter { deployment in
            deployment.isRunning && !dead.contains(deployment.id)
                && deployment.since.map { now.microseconds - $0.microseconds > limit }
                    ?? false
        }
        if long.isEmpty { return nil }
        let names = long.prefix(5).map { describe($0, now) }.joined(separator: "; ")
        let more = long.count > 5 ? "; …" : ""
        let length = DurationText.text(microseconds: limit)
        return
            "\(PluralText.text(long.count, "deployment has run", "deployments have run")) for more than "
            + "\(length): \(names)\(more)"
    }

    private func describe(_ deployment: InFlightDeployment, _ now: Instant) -> String {
        var text = Self.name(deployment)
        if let actor = deployment.actor {
            text += " \(actor.escapedForTerminal.shortened(toColumns: 40))"
        }
        if let since = deployment.since {
            let age = now.microseconds - since.microseconds
            text += ", \(DurationText.text(microseconds: age))"
        }
        if deployment.wrapperLost != nil { text += ", wrapper lost" }
        return text
    }

    private static func name(_ deployment: InFlightDeployment) -> String {
        deployment.number.map { "#\($0)" } ?? deployment.id
    }
}
