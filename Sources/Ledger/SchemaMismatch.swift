internal import SQLite

/// A database whose marks do not fit its tables: a tool, or a copy made table by table, lost them.
enum SchemaMismatch {
    /// What is wrong with the marks and how to mend it; nil when the tables are not those of a
    /// ledger, or are what the marks say.
    static func words(
        _ identity: Migrator.Identity, of connection: Connection, path: String
    ) throws(SQLiteError) -> String? {
        let isMarked = identity.applicationID == Migrator.applicationID
        let found = try Replay.schema(of: connection)
        if isMarked, try schema(of: identity.version) == found { return nil }
        for version in (1...Migrator.knownVersion).reversed()
        where try schema(of: version) == found {
            let (pragma, value, now) =
                isMarked
                ? ("user_version", "\(version)", "\(identity.version)")
                : ("application_id", "\(Migrator.applicationID)", "\(identity.applicationID)")
            return "its tables are those of a ledger with schema \(version), but its \(pragma) is "
                + "\(now), which another program must have set; set it back: "
                + "sqlite3 \(path) 'PRAGMA \(pragma) = \(value)'"
        }
        return nil
    }

    private static func schema(of version: Int) throws(SQLiteError) -> [String: Value]? {
        guard version > 0 else { return nil }
        let connection = try Connection(path: "", mode: .inMemory, busyTimeoutMilliseconds: 0)
        try Migrator.migrate(connection, from: 0, to: version)
        return try Replay.schema(of: connection)
    }
}
