import SQLite
import SystemCalls
import TestSupport
import Testing

@testable import Ledger

@Suite struct MigratorTests {
    @Test func `the embedded migrations are those in the folder`() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let folder = "/\(root)/migrations"
        let names = try FileSystem.entries(of: folder).filter { $0.hasSuffix(".sql") }.sorted()
        #expect(EmbeddedMigrations.all.map { $0.name + ".sql" } == names)
        for (name, migration) in zip(names, EmbeddedMigrations.all) {
            let text = String(decoding: try FileSystem.read("\(folder)/\(name)"), as: UTF8.self)
            #expect(migration.text == text)
            #expect(name.hasPrefix(String(migration.name.prefix(4))))
        }
    }

    @Test func `a migration that fails leaves nothing behind`() throws {
        let directory = try TemporaryDirectory()
        let connection = try Connection(
            path: directory.file("a.db"), mode: .create, busyTimeoutMilliseconds: 0)
        try connection.execute("CREATE TABLE deployment (in_the_way)")
        #expect(throws: SQLiteError.self) { try Migrator.migrate(connection, from: 0) }
        #expect(try connection.value("SELECT count(*) FROM sqlite_schema") == 1)
        #expect(try Migrator.identity(of: connection).version == 0)
    }

    @Test func `a first run that was cut short is taken up again`() throws {
        let ledger = try TestLedger()
        try ledger.makeDirectory()
        try Connection(path: ledger.path, mode: .create, busyTimeoutMilliseconds: 0)
            .execute("PRAGMA journal_mode = WAL")
        #expect(try FileSystem.status(ledger.path).size > 0)
        #expect(throws: LedgerError.empty(path: ledger.path)) {
            try LedgerReader(path: ledger.path)
        }
        #expect(ledger.writer.record([EventLine(Event(.frozen))]).seq == 1)
    }

    /// Makes a ledger as the first version of the program left it, with one deployment.
    private func firstVersion() throws -> TestLedger {
        let ledger = try TestLedger()
        try ledger.makeDirectory()
        let connection = try Connection(
            path: ledger.path, mode: .create, busyTimeoutMilliseconds: 0)
        try connection.execute("PRAGMA journal_mode = WAL")
        try Migrator.migrate(connection, from: 0, to: 1)
        let id = UUIDv7.generate()
        try connection.transaction(.immediate) { () throws(SQLiteError) in
            var appender = try Appender(connection)
            for event in [
                TestLedger.requested(id, number: 1), TestLedger.acquired(id, number: 1),
                TestLedger.released(id, number: 1),
            ] {
                _ = try appender.append(EventLine(event))
            }
        }
        return ledger
    }

    @Test func `a reader says of an older ledger what brings it up to date`() throws {
        let ledger = try firstVersion()
        let older = LedgerError.olderSchema(
            path: ledger.path, found: 1, known: Migrator.knownVersion)
        #expect(throws: older) { try LedgerReader(path: ledger.path) }
        #expect(throws: older) { try LedgerVerifier(ledger.settings).verify() }
        #expect(older.description.hasSuffix("the next deployment brings it up to date"))
    }

    @Test func `the next append brings an older ledger up to date, and it is whole`() throws {
        let ledger = try firstVersion()
        let before = try Connection(
            path: ledger.path, mode: .readOnly, busyTimeoutMilliseconds: 1000
        ).prepare("SELECT n, id, number, outcome, held_us, last_seq FROM deployment").rows()
        let event = TestLedger.requested(.generate(), number: 2)
        #expect(ledger.writer.record([EventLine(event)]).seq == 4)
        let report = try LedgerVerifier(ledger.settings).verify()
        #expect(report.isWhole, "\(report)")
        #expect(report.events == 4)
        let connection = try LedgerReader(path: ledger.path).connection
        #expect(try Migrator.identity(of: connection).version == Migrator.knownVersion)
        let after = try connection.prepare(
            "SELECT n, id, number, outcome, held_us, last_seq FROM deployment WHERE n = 1"
        ).rows()
        #expect(after == before)
        #expect(
            try connection.value("SELECT span_us FROM deployment WHERE n = 1") == 5_001_000)
    }

    @Test func `a writer's connection is set as durability wants it`() throws {
        let ledger = try TestLedger()
        let store = try Store(
            LedgerFiles(path: ledger.path), until: Deadline(milliseconds: 10_000))
        let wanted: [(String, Value)] = [
            ("journal_mode", "wal"), ("synchronous", 2), ("wal_autocheckpoint", 0),
            ("foreign_keys", 1), ("recursive_triggers", 1), ("cell_size_check", 1),
            ("temp_store", 2), ("application_id", .integer(Migrator.applicationID)),
            ("user_version", .integer(Int64(EmbeddedMigrations.all.count))),
        ]
        for (name, value) in wanted {
            #expect(try store.connection.value("PRAGMA \(name)") == value, "\(name)")
        }
    }

    @Test func `the write-ahead log stays short and survives the last connection`() throws {
        let ledger = try TestLedger()
        var longest = 0
        for number in 1...200 {
            _ = ledger.writer.record([
                EventLine(TestLedger.requested(.generate(), number: Int64(number)))
            ])
            longest = max(longest, try FileSystem.status(ledger.path + "-wal").size)
        }
        #expect(longest <= Store.longestLog)
        #expect(longest > 0)
        #expect(try LedgerVerifier(ledger.settings).verify().isWhole)
    }
}
