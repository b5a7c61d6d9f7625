import Ledger
import Queries
import Reporting
import SQLite
import Testing

/// No question of an incident may read a whole table of a large ledger.
@Suite("Query plans")
struct QueryPlanTests {
    /// The named queries for incidents.
    static let forensics = [
        "actor", "blocked", "blocked-by", "busy", "by-run", "commit", "double-holders", "failures",
        "forced-unlocks", "gaps", "holder-at", "integrity", "last-good-before", "live",
        "missing-numbers", "orphans", "overlap", "parallel", "queue-at", "retries", "skips", "slow",
        "timeline", "timeouts",
    ]

    /// The steps of a plan that read a whole table, or a whole index of it.
    ///
    /// The plan calls a table by its alias; a name that stands for a large table anywhere in the
    /// text counts everywhere. The index of deployments in flight holds a few rows only.
    private static func fullScans(_ sql: String, _ connection: Connection) throws -> [String] {
        let large: Set = ["deployment", "event", "event_detail"]
        var names = large
        let code = sql.replacing(/--.*/, with: "")
        for match in code.matches(of: /\b(?:deployment|event|event_detail)\s+(?:AS\s+)?([a-z_]+)/) {
            names.insert(String(match.1))
        }
        return try connection.prepare("EXPLAIN QUERY PLAN " + sql).rows()
            .compactMap { $0[3].text }
            .filter { step in
                let words = step.split(separator: " ").map(String.init)
                guard words.count > 1, names.contains(words[1]) else { return false }
                // An index that SQLite makes for this one answer is made of the whole table.
                if words.contains("AUTOMATIC") { return true }
                guard words[0] == "SCAN" else { return false }
                return words.suffix(3) != ["USING", "INDEX", "deployment_in_flight"]
            }
    }

    @Test(arguments: forensics)
    func `the queries for incidents search, they do not scan`(name: String) throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 1, .exit(0))
        let query = try NamedQuery.named(name)
        let connection = try ledger.reader().connection
        #expect(try Self.fullScans(query.sql, connection) == [])
        // Every row about a deployment can be opened.
        #expect(query.columns.contains { $0.name == "number" })
        #expect(query.columns.contains { $0.name == "lock" })
    }

    @Test(
        arguments: [
            "SELECT * FROM deployment WHERE tier = 'docker'",
            "SELECT * FROM deployment AS d WHERE d.tier = 'docker'",
            "SELECT * FROM event e WHERE e.pid = 1",
            "SELECT number FROM deployment ORDER BY lock, number",
            "WITH a AS (SELECT 1 AS n) SELECT * FROM a LEFT JOIN event AS e ON e.pid = a.n + n",
            "SELECT count(*) FROM event_detail",
            "SELECT n FROM deployment WHERE :x IS NULL UNION ALL SELECT 1",
        ]
    )
    func `a scan in a query plan is detected, under any name`(sql: String) throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 1, .exit(0))
        #expect(try !Self.fullScans(sql, ledger.reader().connection).isEmpty)
    }

    @Test func `a search and the few in flight are not scans`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 1, .exit(0))
        let connection = try ledger.reader().connection
        for sql in [
            "SELECT * FROM deployment AS d WHERE d.n = 1",
            "SELECT * FROM deployment WHERE outcome IS NULL",
            "SELECT * FROM event WHERE at_us > 5",
        ] {
            #expect(try Self.fullScans(sql, connection) == [], "\(sql)")
        }
    }
}
