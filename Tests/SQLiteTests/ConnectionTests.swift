import SQLite
import TestSupport
import Testing

@Suite struct ConnectionTests {
    private func memory() throws -> Connection {
        try Connection(path: "", mode: .inMemory, busyTimeoutMilliseconds: 0)
    }

    @Test func `every kind of value comes back as it was stored`() throws {
        let values: [Value] = [
            .null, .integer(.min), .integer(.max), .real(0.5), .text(""), .text("a\u{0}ö日本"),
            .blob([]), .blob([0, 255]),
        ]
        let statement = try memory().prepare("SELECT ?, ?, ?, ?, ?, ?, ?, ?")
        #expect(try statement.rows(binding: values) == [values])
    }

    @Test func `parameters can be bound by name`() throws {
        let statement = try memory().prepare("SELECT :since AS a, $until AS b")
        #expect(statement.parameterNames == [":since", "$until"])
        #expect(statement.columnNames == ["a", "b"])
        try statement.bind(1, name: ":since")
        try statement.bind("x", name: "$until")
        #expect(try statement.step())
        #expect(statement.row == [1, "x"])
        #expect(try !statement.step())
        #expect(throws: SQLiteError.self) { try statement.bind(1, name: ":other") }
    }

    @Test func `errors carry the extended code and the words of SQLite`() throws {
        let connection = try memory()
        try connection.execute("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)")
        let error = try #require(throws: SQLiteError.self) {
            try connection.execute("INSERT INTO t VALUES (1)")
        }
        #expect(error.extendedCode == 2067)
        #expect(error.isConstraint)
        #expect(
            error.description
                == "UNIQUE constraint failed: t.a (SQLite error 2067) in: INSERT INTO t VALUES (1)")
    }

    @Test func `values never appear in an error`() throws {
        let connection = try memory()
        try connection.execute("CREATE TABLE t (a CHECK (length(a) < 3))")
        let error = try #require(throws: SQLiteError.self) {
            try connection.prepare("INSERT INTO t VALUES (?)").run("secret")
        }
        #expect(!error.description.contains("secret"))
        #expect(error.sql == "INSERT INTO t VALUES (?)")
    }

    @Test func `a transaction is undone when its body throws`() throws {
        struct Stop: Error {
            let reason: String
        }
        let connection = try memory()
        try connection.execute("CREATE TABLE t (a)")
        #expect(throws: Stop.self) {
            try connection.transaction(.immediate, wrapping: { Stop(reason: $0.message) }) {
                () throws(Stop) in
                do throws(SQLiteError) {
                    try connection.execute("INSERT INTO t VALUES (1)")
                } catch {
                    throw Stop(reason: error.message)
                }
                throw Stop(reason: "on purpose")
            }
        }
        #expect(!connection.isInTransaction)
        #expect(try connection.value("SELECT count(*) FROM t") == 0)
        try connection.transaction(.deferred) { () throws(SQLiteError) in
            try connection.execute("INSERT INTO t VALUES (1)")
        }
        #expect(try connection.value("SELECT count(*) FROM t") == 1)
    }

    @Test func `a missing file is not created unless asked for`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("none.db")
        for mode in [OpenMode.readOnly, .readWrite] {
            let error = try #require(throws: SQLiteError.self) {
                try Connection(path: path, mode: mode, busyTimeoutMilliseconds: 0)
            }
            #expect(error.isCannotOpen)
        }
    }

    @Test func `a locked database is busy and garbage is corrupt`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("a.db")
        let first = try Connection(path: path, mode: .create, busyTimeoutMilliseconds: 0)
        try first.execute("CREATE TABLE t (a); BEGIN IMMEDIATE")
        let second = try Connection(path: path, mode: .readWrite, busyTimeoutMilliseconds: 0)
        let busy = try #require(throws: SQLiteError.self) {
            try second.transaction(.immediate) { () throws(SQLiteError) in }
        }
        #expect(busy.isBusy)
    }

    @Test func `a limited connection refuses large values and attached databases`() throws {
        let connection = try memory()
        connection.setLimits(length: 1000)
        #expect(throws: SQLiteError.self) { try connection.value("SELECT zeroblob(2000)") }
        #expect(throws: SQLiteError.self) { try connection.execute("ATTACH ':memory:' AS b") }
    }

    @Test func `a hardened connection refuses to edit the schema table`() throws {
        let connection = try memory()
        try connection.enableDefensiveMode()
        try connection.execute("CREATE TABLE t (a); PRAGMA writable_schema = ON")
        #expect(throws: SQLiteError.self) {
            try connection.execute("UPDATE sqlite_schema SET sql = 'x'")
        }
        #expect(throws: SQLiteError.self) { try connection.execute("SELECT \"no such column\"") }
    }

    @Test func `a progress handler is called during statements, and not afterwards`() throws {
        let connection = try memory()
        let long = """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000)
            SELECT sum(i) FROM n
            """
        var ticks = 0
        let sum = try connection.whileTicking({ ticks += 1 }) { () throws(SQLiteError) in
            try connection.value(long)
        }
        #expect(sum == 5_000_050_000)
        #expect(ticks > 3)
        let before = ticks
        _ = try connection.value(long)
        #expect(ticks == before)
        #expect(throws: SQLiteError.self) {
            try connection.whileTicking({}) { () throws(SQLiteError) in
                try connection.execute("nonsense")
            }
        }
    }

    @Test func `a statement keeps its connection open`() throws {
        var connection: Connection? = try memory()
        let statement = try #require(try connection?.prepare("SELECT 1"))
        connection = nil
        #expect(try statement.rows() == [[1]])
    }
}
