internal import SQLite
internal import SystemCalls

/// Brings a database to the schema of this program.
enum Migrator {
    /// "DPLG": marks a database as a ledger.
    static let applicationID: Int64 = 0x4450_4C47

    /// The schema this program knows, the number of migrations.
    static var knownVersion: Int { EmbeddedMigrations.all.count }

    /// What a database says of itself.
    struct Identity {
        let applicationID: Int64
        let version: Int
    }

    /// Reads application id and version.
    static func identity(of connection: Connection) throws(SQLiteError) -> Identity {
        Identity(
            applicationID: try connection.value("PRAGMA application_id")?.integer ?? 0,
            version: Int(try connection.value("PRAGMA user_version")?.integer ?? 0))
    }

    /// Runs the migrations that the database has not seen, each in a transaction of its own.
    ///
    /// A new ledger gets them all in one: the first deployment waits for the disk once.
    static func migrate(
        _ connection: Connection, from version: Int, to last: Int = knownVersion
    ) throws(SQLiteError) {
        if version == 0 {
            try connection.transaction(.immediate) { () throws(SQLiteError) in
                for index in 0..<last { try run(index, connection) }
            }
            return
        }
        for index in version..<max(version, last) {
            try connection.transaction(.immediate) { () throws(SQLiteError) in
                try run(index, connection)
            }
        }
    }

    private static func run(_ index: Int, _ connection: Connection) throws(SQLiteError) {
        try connection.execute(EmbeddedMigrations.all[index].text)
        if index == 0 {
            try connection.prepare(EmbeddedStatements.createLedger)
                .run(.integer(Clock.wallMicroseconds()))
            try connection.execute("PRAGMA application_id = \(applicationID)")
        }
        try connection.execute("PRAGMA user_version = \(index + 1)")
    }
}
