internal import SQLite

/// A database whose marks do not fit its tables: a tool, or a copy made table by table, lost them.
enum SchemaMismatch {
    /// What is wrong with the marks and how to mend it; nil when the tables are not those of a
    /// ledger, or are what the marks say.
    static func words(
        _ identity: Migrator.Identity, of connection: Connection, path: String
    ) throws(SQLiteError) -> String? {
        let isMarked = identity.applicationID == Migrator.applicationID
        let found = try Schema.objects(of: connection)
        if isMarked, try Schema.objects(ofVersion: identity.version) == found { return nil }
        for version in (1...Migrator.knownVersion).reversed()
        where try Schema.objects(ofVersion: version) == found {
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
}
