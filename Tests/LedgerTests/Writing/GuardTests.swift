import Ledger
import SQLite
import SystemCalls
import TestSupport
import Testing

/// What the database itself refuses, also to people with a shell.
@Suite struct GuardTests {
    static let attacks = [
        "UPDATE event SET record = record",
        "UPDATE event SET hash = zeroblob(32) WHERE seq = 1",
        "DELETE FROM event",
        "DELETE FROM event WHERE seq = 2",
        "REPLACE INTO event (seq, record, hash) SELECT 2, record, hash FROM event WHERE seq = 1",
        "INSERT OR REPLACE INTO event (seq, record, hash) SELECT 3, record, hash FROM event WHERE seq = 1",
        "INSERT OR IGNORE INTO event (seq, record, hash) SELECT 9, record, hash FROM event WHERE seq = 1",
        "INSERT INTO event (record, hash) SELECT record, hash FROM event WHERE seq = 1",
        "INSERT INTO event (seq, record, hash) VALUES (3, 'no json', zeroblob(32))",
        "INSERT INTO event (seq, record, hash) VALUES (3, '{}', zeroblob(32))",
        "INSERT INTO event (seq, record, hash) VALUES (3, '{}', 'short')",
        "UPDATE OR REPLACE event SET seq = 2 WHERE seq = 1",
        "UPDATE event_detail SET detail = '{}'",
        "DELETE FROM event_detail",
        "REPLACE INTO event_detail VALUES (1, zeroblob(16), '{}')",
        "INSERT INTO event_detail VALUES (1, zeroblob(16), '{}')",
        "UPDATE ledger SET id = zeroblob(32)",
        "DELETE FROM ledger",
        "REPLACE INTO ledger VALUES (1, zeroblob(32), 0)",
        "INSERT INTO ledger VALUES (2, zeroblob(32), 0)",
    ]

    let ledger: TestLedger

    init() throws {
        ledger = try TestLedger()
        let deployment = EventID.generate()
        _ = ledger.writer.record([
            EventEnvelope(
                TestLedger.requested(deployment, number: 1), detail: EventDetail(command: ["x"])),
            EventEnvelope(TestLedger.acquired(deployment, number: 1)),
        ])
    }

    @Test(arguments: attacks)
    func `the database refuses changes to events`(attack: String) throws {
        #expect(throws: SQLiteError.self) { try ledger.shell(attack) }
        #expect(try LedgerVerifier(ledger.settings).verify().isWhole)
    }

    @Test(
        .enabled(if: FileSystem.exists("/usr/bin/sqlite3"), "needs the sqlite3 shell"),
        arguments: attacks)
    func `the database refuses changes to events from the plain shell`(attack: String) throws {
        let result = try ChildProcess.run(["/usr/bin/sqlite3", "-bail", ledger.path, attack])
        #expect(result.code != 0)
        #expect(result.errors.contains("Error"))
        #expect(try LedgerVerifier(ledger.settings).verify().isWhole)
    }
}
