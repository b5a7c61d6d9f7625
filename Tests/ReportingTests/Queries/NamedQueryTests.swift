import Ledger
import Queries
import Reporting
import SQLite
import SystemCalls
import TestSupport
import Testing

@Suite("Named queries")
struct NamedQueryTests {
    @Test func `the embedded queries are exactly the files of the folders`() throws {
        let files = try ReportFiles.all().map(\.name)
        let queries = try NamedQuery.all()
        #expect(queries.map(\.name) == files)
        for query in queries {
            let bytes = try FileSystem.read(ReportFiles.path(of: query.name))
            let text = String(decoding: bytes, as: UTF8.self)
            // The constant in the generated code may lack the file's last line end.
            #expect(query.sql == text || query.sql + "\n" == text)
        }
    }

    @Test func `the documentation has the queries for people, and no others`() throws {
        let path = ReportFiles.package + "/docs/queries.md"
        let documented = String(decoding: try FileSystem.read(path), as: UTF8.self)
            .matches(of: #/\n\| `([a-z-]+)` \|[^\n]*\| `deploystats query/#)
            .map { String($0.output.1) }
        let listed = try NamedQuery.all().filter { $0.usedBy == nil }.map(\.name)
        #expect(documented.sorted() == listed.sorted())
    }

    @Test func `every header fits its SQL and describes what it declares`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 1, held: 1, .exit(0))
        let connection = try ledger.reader().connection
        for query in try NamedQuery.all() {
            var values: [String: Value] = [:]
            for parameter in query.parameters where !parameter.isOptional {
                values[parameter.name] = .integer(1)
            }
            #expect(throws: Never.self) {
                try QueryRun(query, on: connection, values).rest()
            }
            #expect(!query.title.isEmpty && !query.about.isEmpty)
            #expect(query.parameters.allSatisfy { !$0.about.isEmpty })
            #expect(query.columns.allSatisfy { !$0.about.isEmpty })
        }
    }

    @Test func `every file runs in the plain sqlite3 shell and gives the same columns`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 250, held: 700, .exit(0), .init(tier: "docker"))
        try ledger.add(asked: 0, wait: 0, held: 0, .none)
        for query in try NamedQuery.all() {
            var arguments = ["sqlite3", "-readonly", "-header", "-cmd", ".param init"]
            for (name, value) in [
                ("since", String(LedgerFixture.start)),
                ("until", String(LedgerFixture.start + 1_000_000_000)), ("deployment", "'x'"),
            ] where query.parameters.contains(where: { $0.name == name }) {
                arguments += ["-cmd", ".param set :\(name) \(value)"]
            }
            let file = try ReportFiles.path(of: query.name)
            let result = try ChildProcess.run(arguments + [ledger.path], input: file)
            #expect(result.code == 0, "\(query.name): \(result.errors)")
            #expect(result.errors.isEmpty)
            let heading = result.output.split(separator: "\n").first.map(String.init)
            let columns = query.columns.map(\.name).joined(separator: "|")
            // The shell prints no heading above no rows.
            #expect(heading == nil || heading == columns)
            if query.name == "lock-wait-time" {
                #expect(result.output.hasSuffix("\n2|0|250000000|250000000|125000000|0|0|0|0|0\n"))
            }
        }
    }

    @Test func `a header gives title, words, parameters in order and columns`() throws {
        let query = try NamedQuery(
            name: "example",
            sql: """
                -- title: An example
                -- used by: a script
                -- It answers
                -- a question.
                --
                -- param since time: first moment
                -- param actors   list?: names: several
                -- column n integer: how many
                SELECT 1 AS n, :since, :actors -- column x text: no
                """)
        #expect(query.title == "An example")
        #expect(query.about == "It answers a question.")
        #expect(query.usedBy == "a script")
        #expect(query.parameters.map(\.name) == ["since", "actors"])
        #expect(query.parameters.map(\.type) == [.time, .list])
        #expect(query.parameters.map(\.isOptional) == [false, true])
        #expect(query.parameters.map(\.about) == ["first moment", "names: several"])
        #expect(query.columns.map(\.name) == ["n"])
    }

    @Test(
        arguments: [
            ("SELECT 1", 1), ("-- title:\nSELECT 1", 1), ("-- title: a\n-- param x\nSELECT 1", 2),
            ("-- title: a\n-- param x colour: b\nSELECT 1", 2),
            ("-- title: a\n--\n-- column n integer?: b\nSELECT 1", 3),
            ("-- title: a\n-- column n: b\nSELECT 1", 2),
        ]
    )
    func `a header that is wrong is refused with its line`(sql: String, line: Int) {
        #expect {
            try NamedQuery(name: "bad", sql: sql)
        } throws: { error in
            guard case ReportError.malformedHeader("bad", line, _)? = error as? ReportError else {
                return false
            }
            return true
        }
    }

    @Test func `mismatched headers and missing and unknown values are refused`() throws {
        let connection = try Connection(path: "", mode: .inMemory, busyTimeoutMilliseconds: 0)
        let head = "-- title: a\n-- param x integer: b\n-- column n integer: c\n"
        let good = try NamedQuery(name: "q", sql: head + "SELECT :x AS n")
        #expect(try QueryRun(good, on: connection, ["x": 3]).rest().first?.integer("n") == 3)
        #expect(throws: ReportError.self) { try QueryRun(good, on: connection, [:]) }
        #expect(throws: ReportError.self) {
            try QueryRun(good, on: connection, ["x": 3, "y": 4])
        }
        for sql in ["SELECT :y AS n", "SELECT :x AS m", "SELECT :x AS n, 2 AS o", "SELECT"] {
            let query = try NamedQuery(name: "q", sql: head + sql)
            #expect(throws: ReportError.self) { try QueryRun(query, on: connection, ["x": 3]) }
        }
    }
}
