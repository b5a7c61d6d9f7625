import SystemCalls
import TestSupport
import Testing

/// `deploystats verify --since-head`, on three deployments of three events each.
@Suite struct VerifySinceTests {
    let fixture: Fixture
    /// The heads of the ledger, by their places.
    let heads: [String]

    init() throws {
        fixture = try Fixture()
        for _ in 1...3 { #expect(try fixture.run(["true"]).code == 0) }
        try fixture.settle()
        heads = try fixture.query(
            """
            SELECT '0:' || lower(hex(id)) FROM ledger
            UNION ALL SELECT seq || ':' || lower(hex(hash)) FROM (SELECT * FROM event ORDER BY seq)
            """)
        #expect(heads.count == 10)
    }

    private func verify(_ arguments: String...) throws -> ChildProcess.Result {
        try fixture.stats(["verify", "--since-head"] + arguments)
    }

    /// Changes the ledger without its guards, which are put back.
    private func tamper(_ sql: String) throws {
        let script = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            guards = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in guards: db.execute(f'DROP TRIGGER "{name}"')
            db.executescript(sys.argv[2])
            for _, sql in guards: db.execute(sql)
            db.commit()
            """
        let result = try ChildProcess.run(["python3", "-c", script, fixture.ledger, sql])
        #expect(result.code == 0, "\(result.errors)")
    }

    @Test func `an intact ledger says what was looked at, and what was not`() throws {
        let result = try verify(heads[6])
        #expect(result.code == 0, "\(result)")
        #expect(
            result.output == """
                INTACT  3 events after event 6 verified
                Ledger: \(fixture.ledger)
                Head:   \(heads[9])
                        Taken as good: \(heads[6])
                        Not checked: events up to there, rows of deployments without a newer event, \
                pages and indexes

                """)
        let json = try verify(heads[6], "--format", "json")
        #expect(json.code == 0)
        #expect(json.output.contains(#""since_head": "\#(heads[6])""#), "\(json.output)")
        #expect(json.output.contains(#""events": 3,"#))
        let markdown = try verify(heads[6], "--format", "markdown")
        #expect(markdown.output.hasPrefix("**INTACT**, 3 events after event 6, head `9:"))
        #expect(
            try fixture.stats("verify", "--format", "json").output.contains(#""since_head": null"#))
    }

    @Test func `the beginning and the newest event are heads like others`() throws {
        #expect(try verify(heads[0]).output.hasPrefix("INTACT  9 events after event 0"))
        #expect(try verify(heads[9]).output.hasPrefix("INTACT  0 events after event 9"))
        let other = try verify("0:" + String(repeating: "0", count: 64))
        #expect(other.code == 2)
        #expect(other.output.contains("it is not the ledger of the head 0:0000"), "\(other)")
    }

    @Test func `an edit after the head is found`() throws {
        try tamper("UPDATE event SET record = replace(record, '\"v\":1', '\"v\":1 ') WHERE seq = 8")
        let result = try verify(heads[6])
        #expect(result.code == 2)
        #expect(result.output.contains("DAMAGED"))
        #expect(result.output.contains("  event 8: its hash does not match"), "\(result)")
    }

    @Test func `an edit before the head is not looked at, and only all of it finds it`() throws {
        try tamper("UPDATE event SET record = replace(record, 'acquired', 'overran') WHERE seq = 2")
        let result = try verify(heads[6])
        #expect(result.code == 0)
        #expect(result.output.contains("Not checked: events up to there"))
        #expect(try fixture.stats("verify").code == 2)
    }

    @Test func `a ledger that ends before the head is damaged`() throws {
        try tamper(
            """
            DELETE FROM event_detail WHERE seq > 3; DELETE FROM event WHERE seq > 3;
            DELETE FROM deployment WHERE n > 1
            """)
        try FileSystem.unlink(fixture.ledger + ".lock")
        #expect(try fixture.stats("verify").code == 0)
        let result = try verify(heads[6])
        #expect(result.code == 2)
        #expect(
            result.output.contains("the ledger ends at event 3, before the head \(heads[6])"),
            "\(result)")
    }

    @Test func `an event with another hash than the head is damage, and no second one follows`()
        throws
    {
        let wrong = "6:" + heads[5].drop { $0 != ":" }.dropFirst()
        let result = try verify(wrong)
        #expect(result.code == 2)
        #expect(result.output.contains("3 events after event 6, 1 problem:"), "\(result)")
        #expect(result.output.contains("  event 6: it is not the event of the head \(wrong)"))
    }

    @Test func `another head has to be in the chain, too, on either side`() throws {
        for head in heads { #expect(try verify(heads[6], "--head", head).code == 0, "\(head)") }
        for seq in [2, 6, 8, 12] {
            let wrong = "\(seq):" + String(repeating: "0", count: 64)
            let result = try verify(heads[6], "--head", wrong)
            #expect(result.code == 2)
            #expect(result.output.contains("the expected head") || result.output.contains(wrong))
        }
    }

    @Test func `a deployment that began before the head is folded from its beginning`() throws {
        // Event 9 is the end of the third deployment.
        #expect(try verify(heads[8]).code == 0)
        try tamper("UPDATE deployment SET wait_us = wait_us + 1 WHERE n = 1")
        #expect(try verify(heads[8]).code == 0)
        try tamper("UPDATE deployment SET wait_us = wait_us + 1 WHERE n = 3")
        let result = try verify(heads[8])
        #expect(result.code == 2)
        #expect(
            result.output.contains("row 3 of the table of deployments was changed: wait_us"),
            "\(result)")
    }

    @Test func `a row that is missing, invented or moved is found`() throws {
        func expect(_ words: String, since places: Int...) throws {
            for place in places {
                let result = try verify(heads[place])
                #expect(result.code == 2, "\(place)")
                #expect(result.output.contains(words), "\(result)")
            }
        }
        try tamper("INSERT INTO deployment (n, id, last_seq) VALUES (4, 'invented', 9)")
        try expect("has other rows than the events give, first at row 4", since: 6, 8, 9)
        try tamper("DELETE FROM deployment WHERE n = 4; UPDATE deployment SET n = 5 WHERE n = 3")
        try expect("has other rows than the events give, first at row 5", since: 6)
        try tamper("DELETE FROM deployment WHERE n = 5")
        try expect("has no row for the deployment", since: 6, 8)
    }

    @Test(arguments: ["12", "6:abc", ":", "-1:00", "six:00"])
    func `what is no head is a mistake`(text: String) throws {
        let result = try fixture.stats("verify", "--since-head=\(text)")
        #expect(result.code == 64)
        #expect(result.errors.contains("'\(text)' is not a head"), "\(result.errors)")
    }
}
