internal import SQLite

/// What an append runs.
struct AppendStatements {
    // Compiled before the transaction begins.
    let head: Statement
    let append: Statement
    let appendDetail: Statement
    let deployments: DeploymentStatements
    // Compiled when they are needed, which is seldom.
    let find: LazyStatement
    let savepoint: LazyStatement
    let release: LazyStatement
    let rollBack: LazyStatement

    init(_ connection: Connection) throws(SQLiteError) {
        head = try connection.prepare(EmbeddedStatements.head)
        append = try connection.prepare(EmbeddedStatements.appendEvent)
        appendDetail = try connection.prepare(EmbeddedStatements.appendDetail)
        deployments = try DeploymentStatements(connection)
        find = LazyStatement(connection, EmbeddedStatements.findEvent)
        savepoint = LazyStatement(connection, "SAVEPOINT offer")
        release = LazyStatement(connection, "RELEASE offer")
        rollBack = LazyStatement(connection, "ROLLBACK TO offer")
    }
}
