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

    /// Whether they were found by their number.
    package let isNumber: Bool

    /// Looks for `text`: a number, with or without `#`, the beginning of an id, or the address of a
    /// CI run or its end, such as `runs/506`.
    package init(
        _ text: String, locks: [String], on connection: Connection
    ) throws(ReportError) {
        let name = text.hasPrefix("#") ? text.dropFirst() : text[...]
        if let number = Int64(name), number >= 0 {
            let found = try Self.find(["number": .integer(number)], locks, connection)
            if !found.isEmpty {
                matches = found
                isNumber = true
                return
            }
        }
        isNumber = false
        if text.contains("/") {
            matches = try Self.run(text, locks, connection)
        } else if name.count >= Self.shortestID, !text.hasPrefix("#") {
            // Ids begin with the time, so a few characters of one may be digits alone.
            matches = try Self.find(["id": .text(name.lowercased())], locks, connection)
        } else {
            matches = []
        }
    }

    /// The deployments of a CI run; the imported run itself only when there are none.
    private static func run(
        _ url: String, _ locks: [String], _ connection: Connection
    ) throws(ReportError) -> [Match] {
        let rows = try QueryRun(NamedQuery.named("by-run"), on: connection, ["url": .text(url)])
            .rest()
        let own = rows.filter { $0.text("what") == "deployment" }
        var matches: [Match] = []
        for row in own.isEmpty ? rows : own where matches.count <= most {
            guard let id = row.text("id") else { continue }
            matches += try find(["id": .text(id)], locks, connection)
        }
        return matches
    }

    /// More than that nobody reads.
    private static let most = 20
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

extension DeploymentLookup {
    /// Why a name does not mean one deployment.
    package enum Mistake: Error, Sendable {
        /// None is called so.
        case unknown(String)
        /// Several are.
        case ambiguous(String, [Match])
    }

    /// The one deployment that is meant.
    ///
    /// - Throws: `Mistake`, `ReportError`.
    package static func only(
        _ name: String, locks: [String], on connection: Connection
    ) throws -> Match {
        let lookup = try DeploymentLookup(name, locks: locks, on: connection)
        guard let first = lookup.matches.first else { throw Mistake.unknown(name) }
        guard lookup.matches.count == 1 else { throw Mistake.ambiguous(name, lookup.matches) }
        return first
    }

    /// The values for a query with every deployment that they name looked up: its id takes the place
    /// of the beginning of one.
    ///
    /// No rows would look like an answer about a deployment that is not there. A number that several
    /// locks know stays one.
    ///
    /// - Throws: `Mistake`, `ReportError`.
    package static func resolve(
        _ values: [String: Value], of query: NamedQuery, on connection: Connection
    ) throws -> [String: Value] {
        let locks = values["lock"]?.text.map { [$0] } ?? []
        func known(_ name: String) throws -> Value {
            let lookup = try DeploymentLookup(name, locks: locks, on: connection)
            guard let first = lookup.matches.first else {
                throw Mistake.unknown(name.hasPrefix("#") ? String(name.dropFirst()) : name)
            }
            if lookup.matches.count == 1 { return .text(first.id) }
            guard lookup.isNumber, let number = first.number else {
                throw Mistake.ambiguous(name, lookup.matches)
            }
            return .integer(number)
        }
        var result = values
        for parameter in query.parameters {
            switch (parameter.type, values[parameter.name]) {
            case (.number, .integer(let number)?): _ = try known(String(number))
            case (.deployment, .text(let name)?): result[parameter.name] = try known(name)
            default: break
            }
        }
        return result
    }
}
