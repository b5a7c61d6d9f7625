internal import SQLite

/// What the schema of a ledger consists of.
enum Schema {
    /// Tables, indexes and triggers with the SQL that made them, by kind and name.
    static func objects(of connection: Connection) throws(SQLiteError) -> [String: Value] {
        var result: [String: Value] = [:]
        for row in try connection.prepare(EmbeddedStatements.schema).rows() {
            result["\(row[0].text ?? "") \(row[1].text ?? "")"] = row[2]
        }
        return result
    }

    /// Those that this program makes in a ledger with that version; nil when there is no such version.
    static func objects(
        ofVersion version: Int = Migrator.knownVersion
    ) throws(SQLiteError) -> [String: Value]? {
        guard 1...Migrator.knownVersion ~= version else { return nil }
        let connection = try Connection(path: "", mode: .inMemory, busyTimeoutMilliseconds: 0)
        try Migrator.migrate(connection, from: 0, to: version)
        return try objects(of: connection)
    }
}
