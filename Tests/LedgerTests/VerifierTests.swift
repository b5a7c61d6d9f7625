import Glibc
import Ledger
import SQLite
import SystemCalls
import Testing

@Suite struct VerifierTests {
    let ledger: TestLedger
    let deployments = [EventID.generate(), .generate()]

    init() throws {
        ledger = try TestLedger()
        for (index, id) in deployments.enumerated() {
            let number = Int64(index + 1)
            let detail = EventDetail(command: ["make", "\(number)"], directory: "/srv")
            _ = ledger.writer.record([
                EventEnvelope(TestLedger.requested(id, number: number), detail: detail),
                EventEnvelope(TestLedger.acquired(id, number: number)),
                EventEnvelope(TestLedger.released(id, number: number)),
            ])
        }
        // All of it in one file, so that tests can change bytes there.
        try ledger.shell("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    private func verify(expecting head: Head? = nil) throws -> VerificationReport {
        try LedgerVerifier(ledger.settings).verify(expecting: head)
    }

    @Test func `an intact ledger has no problems`() throws {
        let report = try verify()
        #expect(report.problems == [])
        #expect(report.isWhole)
        #expect(report.events == 6)
        #expect(report.head == (try LedgerReader(path: ledger.path).head()))
        #expect(try verify(expecting: report.head).isWhole)
    }

    @Test func `every changed byte of a record, hash, salt or detail is reported with its seq`()
        throws
    {
        let rows = try Connection(path: ledger.path, mode: .readOnly, busyTimeoutMilliseconds: 0)
            .prepare(
                """
                SELECT event.seq, CAST(record AS BLOB), hash, salt, CAST(detail AS BLOB)
                FROM event LEFT JOIN event_detail USING (seq) WHERE event.seq IN (1, 3, 6)
                """
            ).rows()
        let file = try FileSystem.read(ledger.path)
        let writable = try FileDescriptor.open(ledger.path, O_RDWR)
        var checked = 0
        for row in rows {
            let seq = try #require(row[0].integer)
            for bytes in row.dropFirst().compactMap(\.blob) {
                let start = try #require(Self.offset(of: bytes, in: file))
                for offset in start..<start + bytes.count {
                    try writable.write([file[offset] ^ 1], at: offset)
                    let problems = try verify().problems
                    #expect(problems.contains { $0.seq == seq }, "byte \(offset - start) of \(seq)")
                    #expect(problems.allSatisfy { $0.seq == seq || $0.seq == nil })
                    try writable.write([file[offset]], at: offset)
                    checked += 1
                }
            }
        }
        #expect(checked > 900)
        #expect(try verify().isWhole)
    }

    @Test func `damage in several places is reported in each`() throws {
        try tamper("UPDATE event SET hash = zeroblob(32) WHERE seq IN (2, 5)")
        #expect(try verify().problems.map(\.seq) == [2, 5])
    }

    @Test
    func
        `records changed under their hashes are reported, and what was derived from them`()
        throws
    {
        try tamper(
            """
            UPDATE event SET record = replace(record, '1000,"dep', '1001,"dep')
            WHERE kind = 'acquired'
            """)
        let problems = try verify().problems
        #expect(problems.compactMap(\.seq) == [2, 5])
        // The derived table no longer follows from the events either.
        #expect(problems.contains { $0.what.contains("row 1 of the table of deployments") })
    }

    @Test func `a removed event is reported`() throws {
        try tamper("DELETE FROM event WHERE seq = 2")
        #expect(try verify().problems.contains { $0.seq == 2 && $0.what == "it is missing" })
    }

    @Test func `events cut off at the end are reported against a head kept elsewhere`() throws {
        let head = try verify().head
        try tamper(
            """
            DELETE FROM event WHERE seq > 3; DELETE FROM event_detail WHERE seq > 3;
            DELETE FROM deployment WHERE n > 1
            """)
        #expect(
            try verify().problems.map(\.what)
                == ["the ledger has lost events: it ended with event 6 and now ends with event 3"])
        // Whoever does that well takes away what is noted beside it, too.
        unlink(ledger.path + ".lock")
        #expect(try verify().isWhole)
        let problems = try verify(expecting: head).problems
        #expect(problems.map(\.what).contains { $0.contains("were cut off") })
    }

    @Test func `a head of another chain is reported`() throws {
        let head = Head(seq: 2, hash: [UInt8](repeating: 7, count: 32))
        #expect(try verify(expecting: head).problems.map(\.seq) == [2])
    }

    @Test func `reordered events are reported`() throws {
        try tamper(
            """
            UPDATE event SET seq = 100 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3;
            UPDATE event SET seq = 3 WHERE seq = 100
            """)
        #expect(try verify().problems.contains { $0.seq == 2 })
    }

    @Test func `an inserted event is reported`() throws {
        try tamper(
            """
            INSERT INTO event (seq, record, hash)
            SELECT 7, replace(record, '"number":2', '"number":3'), hash FROM event WHERE seq = 6
            """, dropping: "INDEX event_by_id")
        let problems = try verify().problems
        #expect(problems.contains { $0.seq == 7 })
        #expect(problems.contains { $0.what == "the index event_by_id is missing" })
    }

    @Test func `a removed or added detail is reported`() throws {
        try tamper("UPDATE event_detail SET seq = 2 WHERE seq = 1")
        let problems = try verify().problems
        #expect(problems.contains { $0.seq == 1 && $0.what == "its detail is missing" })
        #expect(problems.contains { $0.seq == 2 && $0.what.contains("does not know") })
    }

    @Test func `an edited deployment is reported with what was changed`() throws {
        try ledger.shell("UPDATE deployment SET outcome = 'failed', exit_code = 1 WHERE n = 2")
        #expect(
            try verify().problems.map(\.what) == [
                "row 2 of the table of deployments was changed: exit_code, outcome"
            ])
    }

    @Test func `a removed deployment is reported`() throws {
        try ledger.shell("DELETE FROM deployment WHERE n = 1")
        #expect(try verify().problems.count == 1)
    }

    @Test func `a dropped or changed trigger is reported`() throws {
        try ledger.shell("DROP TRIGGER event_never_deleted")
        #expect(try verify().problems.map(\.what) == ["the trigger event_never_deleted is missing"])
        try ledger.shell(
            "CREATE TRIGGER event_never_deleted BEFORE DELETE ON event BEGIN SELECT 1; END")
        #expect(
            try verify().problems.map(\.what) == ["the trigger event_never_deleted was changed"])
    }

    @Test func `appends continue beside a verification`() throws {
        let reader = try LedgerReader(path: ledger.path)
        try reader.connection.transaction(.deferred) { () throws(SQLiteError) in
            _ = try reader.connection.value("SELECT count(*) FROM event")
            let result = ledger.writer.record([
                EventEnvelope(TestLedger.requested(.generate(), number: 3))
            ])
            #expect(result.seq == 7)
            let seen = try reader.connection.value("SELECT count(*) FROM event")
            #expect(seen == 6)
        }
    }

    @Test func `both readers of a verification see one state while others append`() throws {
        let settings = ledger.settings
        let appending = try Background.start {
            for number in 3..<200 {
                _ = LedgerWriter(settings).record([
                    EventEnvelope(TestLedger.requested(.generate(), number: Int64(number)))
                ])
            }
            return true
        }
        var seen: Set<Int64> = []
        while appending.result(by: 0) == nil {
            let report = try verify()
            #expect(report.problems == [])
            #expect(Int64(report.events) == report.head.seq)
            seen.insert(report.head.seq)
        }
        #expect(!seen.isEmpty)
        #expect(try verify().isWhole)
    }

    /// Drops the guards, changes what they guard, and puts them back as they were.
    private func tamper(_ sql: String, dropping dropped: String? = nil) throws {
        let connection = try Connection(
            path: ledger.path, mode: .readWrite, busyTimeoutMilliseconds: 0)
        let guards = try connection.prepare(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).rows()
        for row in guards { try connection.execute("DROP TRIGGER \(row[0].text ?? "")") }
        if let dropped { try connection.execute("DROP \(dropped)") }
        try connection.execute(sql)
        for row in guards { try connection.execute(row[1].text ?? "") }
    }

    private static func offset(of bytes: [UInt8], in file: [UInt8]) -> Int? {
        (0...(file.count - bytes.count)).first { start in
            file[start] == bytes[0] && file[start..<start + bytes.count].elementsEqual(bytes)
        }
    }
}
