import SQLite
import SystemCalls
import TestSupport
import Testing

@testable import Ledger

@Suite struct MigratorTests {
    @Test func `the embedded migrations are those in the folder`() throws {
        let folder = Repository.path("migrations")
        let names = try FileSystem.entries(of: folder).filter { $0.hasSuffix(".sql") }.sorted()
        #expect(EmbeddedMigrations.all.map { $0.name + ".sql" } == names)
        for (name, migration) in zip(names, EmbeddedMigrations.all) {
            let text = String(decoding: try FileSystem.read("\(folder)/\(name)"), as: UTF8.self)
            #expect(migration.text == text)
        }
        // The number of a file is the schema it leaves.
        #expect(
            EmbeddedMigrations.all.map { Int($0.name.prefix(4)) }
                == Array(1...Migrator.knownVersion))
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

    @Test func `an interrupted first run is resumed`() throws {
        let ledger = try TestLedger()
        try ledger.makeDirectory()
        try Connection(path: ledger.path, mode: .create, busyTimeoutMilliseconds: 0)
            .execute("PRAGMA journal_mode = WAL")
        #expect(try FileSystem.status(ledger.path).size > 0)
        #expect(throws: LedgerError.empty(path: ledger.path)) {
            try LedgerReader(path: ledger.path)
        }
        #expect(ledger.writer.record([EventEnvelope(Event(.frozen))]).seq == 1)
    }

    @Test func `a writer's connection has the settings that durability requires`() throws {
        let ledger = try TestLedger()
        let store = try LedgerDatabase(
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
                EventEnvelope(TestLedger.requested(.generate(), number: Int64(number)))
            ])
            longest = max(longest, try FileSystem.status(ledger.path + "-wal").size)
        }
        #expect(longest <= LedgerDatabase.longestLog)
        #expect(longest > 0)
        #expect(try LedgerVerifier(ledger.settings).verify().isWhole)
    }
}
