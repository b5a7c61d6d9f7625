internal import SQLite

/// A second table of deployments, made of the events alone.
final class Replay {
    private let connection: Connection
    private let insert: Statement
    private let forget: Statement
    /// The objects of the schema as this program makes them.
    let schema: [String: Value]
    /// Whether every event could be replayed.
    private(set) var isComplete = true
    private var uncommitted = 0

    /// A commit costs as much as some events.
    private static let eventsInCommit = 1000

    init() throws(SQLiteError) {
        connection = try Connection(path: "", mode: .inMemory, busyTimeoutMilliseconds: 0)
        try Migrator.migrate(connection, from: 0)
        schema = try Self.schema(of: connection)
        // Without its guards the table of events needs to hold no more than one.
        for row in try connection.prepare(EmbeddedStatements.guards).rows() {
            try connection.execute("DROP TRIGGER \(row[0].text ?? "")")
        }
        insert = try connection.prepare(EmbeddedStatements.appendEvent)
        forget = try connection.prepare(EmbeddedStatements.forgetReplayed)
        try connection.execute("BEGIN")
    }

    /// Tables, indexes and triggers with the SQL that made them.
    static func schema(of connection: Connection) throws(SQLiteError) -> [String: Value] {
        var result: [String: Value] = [:]
        for row in try connection.prepare(EmbeddedStatements.schema).rows() {
            result["\(row[0].text ?? "") \(row[1].text ?? "")"] = row[2]
        }
        return result
    }

    /// Lets one event have its effect on the deployments.
    func append(seq: Int64, record: [UInt8], hash: [UInt8], _ report: inout VerificationReport) {
        do throws(SQLiteError) {
            try insert.run(
                .integer(seq), .text(String(decoding: record, as: UTF8.self)), .blob(hash))
            try forget.run()
            uncommitted += 1
            if uncommitted == Self.eventsInCommit {
                uncommitted = 0
                try connection.execute("COMMIT; BEGIN")
            }
        } catch {
            isComplete = false
            report.add("it cannot be replayed: \(error.message)", seq: seq)
        }
    }

    /// Compares row by row with the deployments a ledger has.
    func compare(
        with ledger: Connection, _ report: inout VerificationReport
    ) throws(SQLiteError) {
        let found = try ledger.prepare(EmbeddedStatements.allDeployments)
        let wanted = try connection.prepare(EmbeddedStatements.allDeployments)
        while true {
            let hasFound = try found.step()
            let hasWanted = try wanted.step()
            if !hasFound && !hasWanted { return }
            if hasFound && hasWanted && found.row == wanted.row { continue }
            guard hasFound, hasWanted, found.value(at: 0) == wanted.value(at: 0) else {
                report.add(
                    "the table of deployments has other rows than the events give, first at row "
                        + "\((hasWanted ? wanted : found).value(at: 0).integer ?? 0)")
                return
            }
            let columns = found.columnNames.indices
                .filter { found.value(at: $0) != wanted.value(at: $0) }
                .map { found.columnNames[$0] }
            report.add(
                "row \(found.value(at: 0).integer ?? 0) of the table of deployments was changed: "
                    + columns.joined(separator: ", "))
        }
    }
}
