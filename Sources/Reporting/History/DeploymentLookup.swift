import JSON
package import Queries
package import SQLite

/// What a number or the beginning of an id can mean.
package struct DeploymentLookup: Sendable {
    /// A deployment that fits.
    package struct Match: Sendable {
        /// Its id.
        package let id: String
        /// Its ticket.
        package let number: Int64?
        /// The path of its lock.
        package let lock: String?
        /// Its outcome, or `waiting`, or `running`.
        package let state: String
        /// When it asked for the lock.
        package let requestedAt: Instant?
        /// The person who asked.
        package let actor: String?

        init(_ row: QueryRow) {
            id = row.text("id") ?? ""
            number = row.integer("number")
            lock = row.text("lock")
            state = row.text("state") ?? ""
            requestedAt = row.time("requested_at_us")
            actor = row.text("actor")
        }
    }

    /// All that fit, newest first; no more than 21.
    package let matches: [Match]

    /// Looks for `text`: a number, with or without `#`, or the beginning of an id.
    package init(
        _ text: String, locks: [String], on connection: Connection
    ) throws(ReportError) {
        let name = text.hasPrefix("#") ? text.dropFirst() : text[...]
        var found: [Match] = []
        if let number = Int64(name), number >= 0 {
            found = try Self(number: number, locks: locks, on: connection).matches
        }
        // Ids begin with the time, so a few characters of one may be digits alone.
        if found.isEmpty, name.count >= Self.shortestID, !text.hasPrefix("#") {
            found = try Self.find(["id": .text(name.lowercased())], locks, connection)
        }
        matches = found
    }

    /// Looks for a number.
    package init(
        number: Int64, locks: [String], on connection: Connection
    ) throws(ReportError) {
        matches = try Self.find(["number": .integer(number)], locks, connection)
    }

    private static let shortestID = 4

    private static func find(
        _ values: [String: Value], _ locks: [String], _ connection: Connection
    ) throws(ReportError) -> [Match] {
        var values = values
        if !locks.isEmpty {
            values["locks"] = .text(JSONValue.array(locks.map { .string($0) }).line)
        }
        return try QueryRun(NamedQuery.named("find-deployment"), on: connection, values)
            .rest().map(Match.init)
    }
}
