import SQLite
import SystemCalls
import Testing

@testable import Ledger

/// The third migration, which adds what belongs together.
@Suite struct BatchMigrationTests {
    /// A ledger with events as the first schema's program wrote it.
    private func old() throws -> TestLedger {
        let ledger = try TestLedger()
        try ledger.makeDirectory()
        let connection = try Connection(
            path: ledger.path, mode: .create, busyTimeoutMilliseconds: 0)
        #expect(try connection.value("PRAGMA journal_mode = WAL") == "wal")
        try Migrator.migrate(connection, from: 0, to: 1)
        try connection.transaction(.immediate) { () throws(SQLiteError) in
            var appender = try Appender(connection)
            for number in 1...3 as ClosedRange<Int64> {
                let id = UUIDv7.generate()
                _ = try appender.append(EventLine(TestLedger.requested(id, number: number)))
                _ = try appender.append(EventLine(TestLedger.acquired(id, number: number)))
                if number == 3 { break }
                _ = try appender.append(EventLine(TestLedger.released(id, number: number)))
            }
        }
        return ledger
    }

    private func superseded(_ number: Int64, by covering: UUIDv7) -> [EventLine] {
        let id = UUIDv7.generate()
        var requested = TestLedger.requested(id, number: number)
        requested.batchKey = "web"
        var superseded = TestLedger.event(.superseded, id, number: number)
        superseded.outcome = .superseded
        superseded.coveredBy = covering
        superseded.coveredByNumber = number + 1
        return [EventLine(requested), EventLine(superseded)]
    }

    @Test func `a ledger of the first schema stays whole and goes on`() throws {
        let ledger = try old()
        let before = try rows(ledger, "SELECT id, outcome, last_seq FROM deployment ORDER BY n")
        #expect(throws: LedgerError.self) { try LedgerReader(path: ledger.path) }
        #expect(ledger.writer.record(superseded(4, by: .generate())).seq == 10)
        let report = try LedgerVerifier(ledger.settings).verify()
        #expect(report.problems == [])
        #expect(report.isWhole)
        let after = try rows(
            ledger, "SELECT id, outcome, last_seq FROM deployment WHERE number < 4 ORDER BY n")
        #expect(after == before)
        #expect(
            try rows(ledger, "SELECT count(*) FROM deployment WHERE batch_key IS NOT NULL")
                == [[1]])
    }

    @Test func `what a deployment stepped aside for is projected`() throws {
        let ledger = try TestLedger()
        let covering = UUIDv7.generate()
        _ = ledger.writer.record(superseded(1, by: covering))
        #expect(
            try rows(
                ledger,
                "SELECT batch_key, covered_by, covered_by_number, outcome, last_seq FROM deployment"
            )
                == [["web", .text(covering.description), 2, "superseded", 2]])
        #expect(try LedgerVerifier(ledger.settings).verify().isWhole)
    }

    @Test func `a covered deployment that was tampered with is reported`() throws {
        let ledger = try TestLedger()
        _ = ledger.writer.record(superseded(1, by: .generate()))
        try ledger.shell("UPDATE deployment SET covered_by = 'x'")
        let problems = try LedgerVerifier(ledger.settings).verify().problems
        #expect(problems.map(\.what).contains { $0.contains("was changed: covered_by") })
    }

    private func rows(_ ledger: TestLedger, _ sql: String) throws -> [[Value]] {
        try Connection(path: ledger.path, mode: .readOnly, busyTimeoutMilliseconds: 1000)
            .prepare(sql).rows()
    }
}
