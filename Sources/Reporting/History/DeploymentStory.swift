package import JSON
import Ledger
package import Queries
package import SQLite

/// Everything the ledger knows of one deployment.
package struct DeploymentStory: Sendable {
    /// One of its events.
    struct Entry: Sendable {
        let event: RecordedEvent
        let detail: EventDetail?
        let json: JSONValue
    }

    /// Which deployment.
    package let deployment: DeploymentLookup.Match
    let entries: [Entry]
    /// What it has to do with others of its batch.
    package let relations: BatchRelations
    /// The CI runs it was part of, as far as they were imported.
    let runs: [Run]

    /// What its steps came to.
    var steps: StorySteps { StorySteps(entries.map(\.event)) }

    /// One attempt of a CI run.
    struct Run: Sendable {
        let attempt: Int64?
        let url: String?
        /// How the CI calls its end.
        let conclusion: String
        let endedAt: Instant?

        init(_ row: QueryRow) {
            attempt = row.integer("attempt")
            url = row.text("run_url")
            conclusion = row.text("reason") ?? "unknown"
            endedAt = row.time("ended_at_us")
        }

        var json: JSONValue {
            .object([
                ("attempt", .optional(attempt)), ("url", .optional(url)),
                ("conclusion", .string(conclusion)), ("ended_at", .optional(endedAt?.rfc3339)),
            ])
        }
    }

    /// Reads all events of a deployment.
    package init(
        _ deployment: DeploymentLookup.Match, on connection: Connection
    ) throws(ReportError) {
        self.deployment = deployment
        let query = try NamedQuery.named("deployment-events")
        entries = try QueryRun(query, on: connection, ["deployment": .text(deployment.id)])
            .rest().map(Self.entry)
        relations = try BatchRelations(of: deployment.id, on: connection)
        runs = try QueryRun(
            NamedQuery.named("run-of-deployment"), on: connection,
            ["deployment": .text(deployment.id)]
        ).rest().map(Run.init)
    }

    private static func entry(_ row: QueryRow) -> Entry {
        let text = row.text("record") ?? "{}"
        let detail = row.text("detail")
        var members: [(key: String, value: JSONValue)] = [
            ("seq", .integer(row.integer("seq") ?? 0)), ("record", .raw(text)),
            ("hash", .optional(row.text("hash"))),
        ]
        if let detail { members.append(("detail", .raw(detail))) }
        return Entry(
            event: RecordedEvent(text), detail: detail.flatMap { EventDetail(json: $0) },
            json: .object(members))
    }

    /// The deployment and its events as they are recorded.
    package var json: JSONValue {
        .object([
            (
                "deployment",
                .object(
                    [
                        ("id", .string(deployment.id)), ("number", .optional(deployment.number)),
                        ("lock", .optional(deployment.lock)), ("state", .string(deployment.state)),
                    ] + relations.json)
            ),
            ("steps", steps.json), ("runs", .array(runs.map(\.json))),
            ("events", .array(entries.map(\.json))),
        ])
    }

    /// The events as they are recorded.
    package var eventObjects: [JSONValue] { entries.map(\.json) }
}
