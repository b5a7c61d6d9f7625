/// A statement that is compiled when it is needed for the first time, and kept.
package final class LazyStatement {
    private let connection: Connection
    private let sql: String
    private var compiled: Statement?

    /// Compiles nothing yet.
    package init(_ connection: Connection, _ sql: String) {
        self.connection = connection
        self.sql = sql
    }

    /// The statement.
    package func callAsFunction() throws(SQLiteError) -> Statement {
        if let compiled { return compiled }
        let statement = try connection.prepare(sql)
        compiled = statement
        return statement
    }
}
