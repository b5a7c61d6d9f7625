import Hummingbird
import JSON
import Queries
import Reporting
import SQLite

/// The answer to a named query, limited in time, rows and memory.
struct QueryAnswer: Sendable {
    /// A query with its values.
    struct Asked: Sendable {
        let query: NamedQuery
        let zone: Zone
        let format: AnswerFormat
        /// How many rows at most.
        let limit: Int64
        fileprivate let given: JSONValue
        fileprivate let values: [String: Value]
    }

    /// How many rows it has at most.
    static let most: Int64 = 1000

    /// The queries that people ask.
    static let queries = ((try? NamedQuery.all()) ?? []).filter { $0.usedBy == nil }

    /// What it answers.
    let asked: Asked
    let rows: [QueryRow]
    /// Whether there are more.
    let isCut: Bool

    /// Asks it.
    ///
    /// - Parameter longest: how long that may take, in µs.
    /// - Throws: `ReportError`, `DeploymentLookup.Mistake`, `AnswerLimit.Excess`, `SQLiteError`.
    init(_ asked: Asked, _ connection: Connection, within longest: Int64) throws {
        self.asked = asked
        try AnswerLimit.restrict(connection)
        var limits = AnswerLimit(microseconds: longest)
        var values = try DeploymentLookup.resolve(
            asked.values, of: asked.query, on: connection)
        // One more than is shown tells whether there are more.
        if asked.query.parameters.contains(where: { $0.name == "limit" }) {
            values["limit"] = .integer(asked.limit + 1)
        }
        let run = try QueryRun(asked.query, on: connection, values)
        var rows: [QueryRow] = []
        var isCut = false
        while let row = try run.next() {
            if rows.count == asked.limit {
                isCut = true
                break
            }
            try limits.admit(row, isKept: true)
            rows.append(row)
        }
        self.rows = rows
        self.isCut = isCut
    }

    /// The rows with their columns.
    var table: Table {
        Table(columns: asked.query.columns.map(\.tableColumn), rows: rows.map(\.cells))
    }

    /// The answer as it is sent.
    var text: String {
        switch asked.format {
        case .json:
            JSONValue.object([
                ("query", .string(asked.query.name)), ("values", asked.given),
                ("timezone", .string(asked.zone.name)), ("rows", .array(rows.map(\.json))),
                ("truncated", .bool(isCut)),
            ]).document
        case .csv: CSVRenderer().render(table)
        }
    }
}

extension QueryAnswer.Asked {
    /// Reads what an address asks for.
    ///
    /// - Throws: 404 for an unknown query, 400 for values that it does not take.
    init(_ name: String, _ request: Request, zone: Zone) throws(Problem) {
        guard let query = QueryAnswer.queries.first(where: { $0.name == name }) else {
            throw .notFound(
                "\(ReportError.noSuchQuery(name, known: QueryAnswer.queries.map(\.name)))")
        }
        let names = query.parameters.filter { $0.type != .days }.map(\.name)
        let address = try AddressQuery(
            request, known: names + ["limit", "format", "tz"].filter { !names.contains($0) })
        try self.init(query, address, zone: zone, AnswerFormat(address, request))
    }

    /// Reads the values of a query.
    ///
    /// - Throws: 400 for those that it does not take.
    init(
        _ query: NamedQuery, _ address: AddressQuery, zone: Zone, _ format: AnswerFormat
    ) throws(Problem) {
        let name = query.name
        let names = query.parameters.filter { $0.type != .days }.map(\.name)
        let limit = try address.number("limit", in: 1...QueryAnswer.most)
        var given = GivenValues(for: query)
        for name in names where name != "limit" {
            for value in address.all(name) { _ = given.add(value, to: name) }
        }
        if let missing = given.open.first(where: { !$0.isOptional && $0.type != .days }) {
            throw .badRequest("the query \(name) requires '\(missing.name)': \(missing.about)")
        }
        let zone = try Selection.zone(address, usual: zone)
        self.query = query
        self.zone = zone
        self.limit =
            limit ?? query.limit(in: [:]).map { min($0, QueryAnswer.most) } ?? QueryAnswer.most
        self.given = given.json
        do { values = try given.values(now: .now, zone: zone) } catch {
            throw .badRequest("\(error)")
        }
        self.format = format
    }
}

extension QueryAnswer.Asked: CustomStringConvertible {
    /// Everything that the answer depends on besides the ledger and the time.
    var description: String { "\(format) \(limit) \(zone.name) \(given.line)" }
}
