import JSON
package import Queries
package import SQLite

/// Which deployments a deployment stepped aside for, what became of that, and which ones stepped
/// aside for it.
package struct BatchRelations: Sendable {
    /// A deployment that another one stepped aside for.
    package struct Covering: Sendable {
        /// Its id.
        package let id: String
        /// Its ticket.
        package let number: Int64?
        /// Its outcome, or `waiting`, or `running`; nil when the ledger does not have it.
        package let state: String?
        let reason: String?
        let exitCode: Int64?
        let signal: Int64?

        init(_ row: QueryRow) {
            id = row.text("id") ?? ""
            number = row.integer("number")
            state = row.text("state")
            reason = row.text("reason")
            exitCode = row.integer("exit_code")
            signal = row.integer("signal")
        }

        var name: String { number.map { "#\($0)" } ?? id }
    }

    /// A deployment by its number or, without one, its id, and its commit.
    struct Other: Sendable {
        let id: String
        let number: Int64?
        let sha: String?

        init(_ row: QueryRow) {
            id = row.text("id") ?? ""
            number = row.integer("number")
            sha = row.text("sha")
        }

        var name: String { number.map { "#\($0)" } ?? id }
    }

    /// What became of what a deployment that stepped aside was to bring.
    package enum Delivery: String, Sendable {
        /// The deployment that covers it succeeded.
        case delivered
        /// That one ended in another way.
        case notDelivered = "not_delivered"
        /// That one waits or runs.
        case inFlight = "in_flight"
        /// The ledger does not tell.
        case unknown
    }

    /// From the one it named to the last one that one led to; empty when it did not step aside.
    package let chain: [Covering]
    /// Those that stepped aside for it, directly or not, in the order they asked.
    let covered: [Other]
    /// When it was not delivered: the next one of its batch that succeeded all the same.
    let later: Other?

    /// Asks the ledger about a deployment.
    package init(of deployment: String, on connection: Connection) throws(ReportError) {
        func rows(_ name: String) throws(ReportError) -> [QueryRow] {
            let query = try NamedQuery.named(name)
            return try QueryRun(query, on: connection, ["deployment": .text(deployment)]).rest()
        }
        chain = try rows("covering-deployments").map(Covering.init)
        covered = try rows("covered-deployments").map(Other.init)
        let isMissed = Self.delivery(chain) == .notDelivered
        later = isMissed ? try rows("later-in-batch").first.map(Other.init) : nil
    }

    /// What became of it; nil for a deployment that did not step aside.
    package var delivery: Delivery? { Self.delivery(chain) }

    private static func delivery(_ chain: [Covering]) -> Delivery? {
        guard let last = chain.last else { return nil }
        switch last.state {
        case nil, "superseded": return .unknown
        case "succeeded": return .delivered
        case "waiting", "running": return .inFlight
        default: return .notDelivered
        }
    }

    var json: [(key: String, value: JSONValue)] {
        var members: [(key: String, value: JSONValue)] = []
        if let delivery {
            let list = chain.map { covering in
                JSONValue.object([
                    ("id", .string(covering.id)), ("number", .optional(covering.number)),
                    ("state", .string(covering.state ?? "unknown")),
                ])
            }
            members.append(("covered_by", .array(list)))
            members.append(("delivery", .string(delivery.rawValue)))
            if let later { members.append(("later_in_batch", Self.json(later))) }
        }
        if !covered.isEmpty { members.append(("covers", .array(covered.map(Self.json)))) }
        return members
    }

    private static func json(_ other: Other) -> JSONValue {
        .object([
            ("id", .string(other.id)), ("number", .optional(other.number)),
            ("sha", .optional(other.sha)),
        ])
    }
}
