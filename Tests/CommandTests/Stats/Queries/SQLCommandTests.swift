import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite("deploystats sql")
struct SQLCommandTests {
    private static let endless =
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT "

    @Test func `sql answers any question in any format`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        let sql = "SELECT number AS n, outcome, NULL AS none, 0.5 AS half FROM deployment"
        #expect(
            try fixture.stats("sql", sql, "--format", "ndjson").output
                == #"{"n":1,"outcome":"succeeded","half":0.5}"# + "\n")
        #expect(
            try fixture.stats("sql", sql, "--format", "csv").output
                == "n,outcome,none,half\r\n1,succeeded,,0.5\r\n")
        #expect(
            try fixture.stats("sql", sql, "--format", "json").output
                == #"{"format":1,"rows":["# + "\n" + #"{"n":1,"outcome":"succeeded","half":0.5}"#
                + "\n" + #"],"truncated":false}"# + "\n")
        fixture.write("query.sql", "SELECT count(*) AS events\nFROM event -- all of them\n;\n")
        let piped = try fixture.stats(
            "sql", "-", "--format", "csv", input: fixture.directory.file("query.sql"))
        #expect(piped.output == "events\r\n3\r\n")
        #expect(try fixture.stats("sql", "SELECT 1 WHERE 0").output == "Rows: none.\n")
        let plan = try fixture.stats("sql", "EXPLAIN QUERY PLAN SELECT * FROM event")
        #expect(plan.output.contains("SCAN event"))
        let columns = try fixture.stats("sql", "SELECT name FROM pragma_table_info('event')")
        #expect(columns.output.contains("record"))
    }

    @Test(
        arguments: [
            "DELETE FROM deployment", "UPDATE deployment SET outcome = 'succeeded'",
            "INSERT INTO event (seq, record, hash) VALUES (9, '{}', x'')", "DROP TABLE event",
            "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)", "ATTACH 'other.db' AS other",
            "VACUUM", "VACUUM INTO 'copy.db'", "PRAGMA query_only = OFF",
            "PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET sql = ''", "BEGIN IMMEDIATE",
            "SELECT load_extension('x')", "SELECT 1; DELETE FROM deployment", "REINDEX", "ANALYZE",
        ]
    )
    func `anything but reading is refused and changes nothing`(sql: String) throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        let before = try FileSystem.read(fixture.ledger)
        let result = try ChildProcess.run(
            [
                "sh", "-c", "cd $HERE && exec \"$0\" sql \"$1\"", BuiltTool.path("deploystats"),
                sql,
            ],
            environment: fixture.environment())
        #expect(result.code == 1, "\(result)")
        #expect(result.output.isEmpty)
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        #expect(try FileSystem.read(fixture.ledger) == before)
        #expect(!fixture.exists("other.db") && !fixture.exists("copy.db"))
    }

    @Test func `endless statements are stopped, and rows beyond the limit are reported as cut`()
        throws
    {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        let long = try fixture.stats(
            "sql", Self.endless + "count(*) FROM n", "--time-limit", "0.2")
        #expect(long.code == 1)
        #expect(long.errors.contains("the query took too long and was stopped"))
        let many = try fixture.stats(
            "sql", Self.endless + "x FROM n", "--limit", "3", "--format", "csv")
        #expect(many.code == 0)
        #expect(many.output == "x\r\n1\r\n2\r\n3\r\n")
        #expect(many.errors.contains("only the first 3 rows, there are more; --limit 0 shows all"))
        let table = try fixture.stats("sql", Self.endless + "x FROM n", "--limit", "1")
        #expect(table.output.contains("only the first 1 row, there are more"))
        let json = try fixture.stats(
            "sql", Self.endless + "x FROM n", "--limit", "1", "--format", "json")
        #expect(json.output.contains(#""truncated":true"#))
        let all = try fixture.stats(
            "sql", Self.endless + "x FROM n LIMIT 2000", "--limit", "0", "--format", "csv")
        #expect(all.output.split(separator: "\r\n").count == 2001)
    }

    @Test func `an error in a statement is one line`() throws {
        let fixture = try Fixture()
        #expect(try fixture.stats("sql", "SELECT 1").errors.contains("there is no ledger at"))
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        let syntax = try fixture.stats("sql", "SELEC 1")
        #expect(syntax.code == 1)
        #expect(
            syntax.errors == "deploystats: SQL error: near \"SELEC\": syntax error\n")
        #expect(try fixture.stats("sql", "").errors.contains("the text holds no statement"))
        #expect(try fixture.stats("sql").code == 64)
        let text = "SELECT 'a' || char(27) || '[31m' AS text"
        #expect(try fixture.stats("sql", text).output.contains("a\\e[31m"))
    }

    @Test(
        arguments: [
            ("SELECT zeroblob(1000000000)", "too big"),
            ("SELECT replace(hex(zeroblob(4000000)), '0', 'xxxxxxxx')", "too big"),
            // Every value is allowed, all of them are not.
            (
                "SELECT " + repeatElement("zeroblob(4000000)", count: 5).joined(separator: ", "),
                "substr()"
            ),
            (
                "WITH n(x) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) "
                    + "SELECT printf('%.*c', 8000000, 'x') FROM n",
                "too large for a table"
            ),
        ]
    )
    func `a result that would fill the memory is refused`(sql: String, words: String) throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        // In KiB.
        let result = try ChildProcess.run(
            [
                "sh", "-c", "ulimit -v 1500000; exec \"$0\" sql \"$1\"",
                BuiltTool.path("deploystats"), sql,
            ], environment: fixture.environment())
        #expect(result.code == 1, "\(result.code)")
        #expect(result.errors.contains(words), "\(result.errors.prefix(300))")
    }

    @Test func `the time limit includes the printing`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let result = try fixture.stats(
            "sql", "--limit", "0", "--time-limit", "1s", "--format", "ndjson",
            Self.endless + "printf('%.*c', 4000000, 'x') FROM n")
        #expect(result.code == 1)
        #expect(result.errors.contains("took longer than 1s"), "\(result.errors)")
    }

    @Test func `CSV on a terminal is escaped; elsewhere it is unchanged`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let arguments = [
            "sql", "--format", "csv", "SELECT char(27) || '[31mred' || char(7, 155) AS x",
        ]
        #expect(try fixture.stats(arguments).output == "x\r\n\u{1b}[31mred\u{7}\u{9b}\r\n")
        let terminal = try PseudoTerminal(
            [BuiltTool.path("deploystats")] + arguments, environment: fixture.environment())
        #expect(terminal.finish() == 0)
        #expect(terminal.screen.contains("\\e[31mred\\u{7}\\u{9b}"), "\(terminal.screen)")
    }
}
