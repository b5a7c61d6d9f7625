import JSONLine
import SQLite
import SystemCalls
import TestSupport
import Testing

@testable import Ledger

/// The migration that lets one trigger derive what three triggers derived; whatever came later must
/// not change what it derives from events that were known then.
@Suite struct LighterSchemaTests {
    /// How many migrations came before it.
    private static let older = EmbeddedMigrations.all.prefix { $0.name < "0007" }.count

    private static let start: Int64 = 1_700_000_000_000_000

    /// Deployments by number.
    private static func deployment(_ number: Int64) -> UUIDv7 {
        .derived(from: "deployment \(number)", place: 0, atUs: start)
    }

    /// An event of any kind about one of a few deployments, with whatever fields: what a crash, a
    /// spool, an import or a hostile file may bring, and more.
    private static func event(_ place: Int64, _ random: inout SeededRandom) -> Event {
        func maybe<Value>(_ values: Value...) -> Value? {
            Bool.random(using: &random) ? random.one(of: values) : nil
        }
        // Kinds that the triggers know come more often.
        let kinds: [EventKind] = [
            .requested, .requested, .acquired, .acquired, .released, .superseded, .superseded,
            .imported, .imported, .orphaned, .cancelled, .forcedUnlock, .forcedUnlock,
        ]
        var event = Event(
            random.one(of: kinds + EventKind.allCases.filter { $0 != .wrapperLost }),
            id: .derived(from: "event \(place)", place: 1, atUs: start),
            atUs: start + Int64.random(in: 0...1000, using: &random) * 10_000_000, monoUs: 1,
            host: random.one(of: ["a", "b"]))
        if Int.random(in: 0..<20, using: &random) > 0 {
            event.deployment = deployment(Int64.random(in: 1...4, using: &random))
        }
        event.number = maybe(1, 2, 3)
        event.lock = maybe("/tmp/a.lock", "/tmp/b.lock")
        event.user = maybe("deploy", "root")
        event.pid = maybe(1, 2)
        event.boot = maybe("boot", "later")
        event.pidStart = maybe(1, 2)
        event.actor = maybe("ann", "bob")
        event.source = maybe("ssh", "import")
        event.tier = maybe("docker", "lightning")
        event.sha = maybe("abc", "def")
        event.ref = maybe("main", "next")
        event.runURL = maybe("https://ci/1", "https://ci/2")
        event.ahead = maybe(0, 1)
        event.batchKey = maybe("web", "api")
        event.coveredBy = maybe(deployment(1), deployment(2))
        event.coveredByNumber = maybe(1, 2)
        event.waitUs = maybe(0, 1000)
        event.heldUs = maybe(0, 5_000_000, 7_200_000_000)
        event.exitCode = maybe(0, 1)
        event.signal = maybe(9, 15)
        event.outcome = maybe(
            .succeeded, .failed, .forceUnlocked, .forceUnlocked, .orphaned, .cancelled,
            .superseded)
        event.reason = maybe("died", "supersede")
        event.lastAliveUs = maybe(start, start + 7_000_000)
        return event
    }

    /// Rows without the columns that came later.
    private static func known(_ rows: [[Value]], like older: [[Value]]) -> [[Value]] {
        rows.map { Array($0.prefix(older.first?.count ?? 0)) }
    }

    private func ledger(upTo version: Int) throws -> Connection {
        let connection = try Connection(path: "", mode: .inMemory, busyTimeoutMilliseconds: 0)
        try Migrator.migrate(connection, from: 0, to: version)
        return connection
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `any events give the same deployments as before`(seed: UInt64) throws {
        var random = SeededRandom(state: seed)
        var outcomes: Set<Value> = []
        for round in 1...40 {
            let old = try ledger(upTo: Self.older)
            let new = try ledger(upTo: Migrator.knownVersion)
            var known: Set<UUIDv7> = []
            for seq in 1...30 as ClosedRange<Int64> {
                let event = Self.event(seq, &random)
                for connection in [old, new] {
                    // A summary that any change has to throw away.
                    try connection.execute(
                        """
                        INSERT OR IGNORE INTO deployment_block VALUES (0, 0, 0, '', '', '')
                        """)
                    try connection.prepare(EmbeddedStatements.appendEvent)
                        .run(
                            .integer(seq), .text(event.json), .blob(.init(repeating: 0, count: 32)))
                }
                let wanted = try old.prepare(EmbeddedStatements.allDeployments).rows()
                let found = try Self.known(
                    new.prepare(EmbeddedStatements.allDeployments).rows(), like: wanted)
                try #require(found == wanted, "round \(round), event \(seq): \(event.json)")
                guard let deployment = event.deployment, event.kind != .nested else { continue }
                if !known.insert(deployment).inserted {
                    #expect(try new.value("SELECT count(*) FROM deployment_block") == 0)
                }
                outcomes.formUnion(
                    try new.prepare("SELECT outcome FROM deployment").rows().joined())
            }
        }
        // They went through everything there is.
        #expect(outcomes.count == 7)
    }

    /// A ledger of the schema before with what the three triggers saw, and what its rows were.
    private func filled() throws -> (ledger: TestLedger, rows: [[Value]]) {
        let ledger = try TestLedger()
        try ledger.makeDirectory()
        let connection = try Connection(
            path: ledger.path, mode: .create, busyTimeoutMilliseconds: 0)
        #expect(try connection.value("PRAGMA journal_mode = WAL") == "wal")
        try Migrator.migrate(connection, from: 0, to: Self.older)
        try connection.transaction(.immediate) { () throws(SQLiteError) in
            var appender = try Appender(connection)
            for number in 1...900 as ClosedRange<Int64> {
                for event in Self.history(number) { _ = try appender.append(EventLine(event)) }
            }
            let run = ImportedRun(
                host: "github.com", runURL: "https://github.com/o/n/actions/runs/1", attempt: 1,
                createdAtUs: Self.start, ran: Self.start...Self.start + 5, outcome: .failed,
                reason: "failure")
            _ = try appender.append(run.event())
        }
        try OlderBlocks.write(2, to: connection)
        #expect(try connection.value("SELECT count(*) FROM deployment_block") == 2)
        return (ledger, try connection.prepare(EmbeddedStatements.allDeployments).rows())
    }

    /// What a deployment of one of six sorts left in the ledger.
    private static func history(_ number: Int64) -> [Event] {
        let id = deployment(number)
        var requested = TestLedger.requested(id, number: number)
        requested.batchKey = number % 6 == 0 ? nil : "web"
        let acquired = TestLedger.acquired(id, number: number)
        var released = TestLedger.released(id, number: number)
        var died = TestLedger.event(.orphaned, id, number: number)
        died.outcome = .orphaned
        died.lastAliveUs = start + 5_000_000
        switch number % 6 {
        case 1:
            var superseded = TestLedger.event(.superseded, id, number: number)
            superseded.outcome = .superseded
            superseded.batchKey = "web"
            superseded.coveredBy = deployment(number + 1)
            superseded.coveredByNumber = number + 1
            return [requested, superseded]
        case 2: return [requested, acquired, died]
        case 3: return [requested, acquired, died, released]
        case 4:
            var freed = TestLedger.event(.forcedUnlock, id, number: number)
            freed.outcome = .forceUnlocked
            released.outcome = nil
            return [requested, acquired, freed, released]
        case 5: return [released, acquired, requested]
        default: return [requested, acquired, released]
        }
    }

    @Test func `an older ledger stays whole, its summaries too, and goes on`() throws {
        let (ledger, before) = try filled()
        let next = Self.history(901)
        let seq = try #require(ledger.writer.record(next.map { EventLine($0) }).seq)
        let report = try LedgerVerifier(ledger.settings).verify()
        #expect(report.isWhole, "\(report)")
        #expect(report.events == Int(seq))
        let connection = try LedgerReader(path: ledger.path).connection
        #expect(try Migrator.identity(of: connection).version == Migrator.knownVersion)
        let after = try Self.known(
            connection.prepare(EmbeddedStatements.allDeployments).rows(), like: before)
        #expect(Array(after.dropLast()) == before)
        #expect(try connection.value("SELECT count(*) FROM deployment_block") == 2)
    }

    @Test func `an older ledger that somebody took a guard and a view from goes on`() throws {
        let ledger = try filled().ledger
        try ledger.shell("DROP TRIGGER event_only_once; DROP VIEW run_by_commit")
        _ = ledger.writer.record(Self.history(901).map { EventLine($0) })
        let report = try LedgerVerifier(ledger.settings).verify()
        #expect(report.isWhole, "\(report)")
        #expect(report.waiting == 0)
    }

    @Test func `what every process reads holds no comments and no views`() throws {
        let connection = try ledger(upTo: Migrator.knownVersion)
        let rows = try connection.prepare(
            "SELECT name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view')"
        ).rows()
        #expect(rows.count == 11)
        for row in rows { #expect(row[1].text?.contains("--") == false, "\(row[0])") }
        let views = try connection.value("SELECT count(*) FROM sqlite_schema WHERE type = 'view'")
        #expect(views == 0)
    }
}
