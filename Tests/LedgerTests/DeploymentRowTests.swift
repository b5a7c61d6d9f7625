import JSON
import SQLite
import SystemCalls
import TestSupport
import Testing

@testable import Ledger

/// What events make of a deployment.
@Suite struct DeploymentRowTests {
    private static let start: Int64 = 1_700_000_000_000_000

    /// Deployments by number.
    private static func deployment(_ number: Int64) -> EventID {
        .derived(from: "deployment \(number)", place: 0, atUs: start)
    }

    /// An event of any kind about one of a few deployments, with whatever fields: what a crash, a
    /// spool, an import or a hostile file may bring, and more.
    static func event(_ place: Int64, _ random: inout SeededRandom) -> Event {
        func maybe<Value>(_ values: Value...) -> Value? {
            Bool.random(using: &random) ? random.one(of: values) : nil
        }
        // Kinds that change a row come more often.
        let kinds: [EventKind] = [
            .requested, .requested, .acquired, .acquired, .released, .superseded, .superseded,
            .imported, .imported, .wrapperLost, .wrapperLost, .orphaned, .cancelled, .forcedUnlock,
            .forcedUnlock, .rolledBack, .overran,
        ]
        var event = Event(
            random.one(of: kinds + EventKind.allCases),
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
        event.pidNS = maybe(1, 2)
        event.claimedActor = maybe("eve", "ann")
        event.victim = maybe("running_orphan", "dead_orphan", "holder")
        event.source = maybe("ssh", "import")
        event.tier = maybe("docker", "lightning")
        event.runEvent = maybe("push", "schedule")
        event.workflow = maybe("Deploy", "CI")
        event.sha = maybe("abc", "def")
        event.committedAtUs = maybe(start - 1, start - 2)
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
        event.reason = maybe("died", "supersede", "health")
        event.commandUs = maybe(1_000_000, 2_000_000)
        event.healthUs = maybe(0, 3_000_000)
        event.rollbackUs = maybe(4_000_000, 5_000_000)
        event.frozenUs = maybe(0, 6_000_000)
        event.endedWith = maybe(0, 69)
        event.health = maybe("healthy", "unhealthy", "unchecked", "splendid")
        event.rollback = maybe("done", "failed", "healthy")
        event.result = maybe("done", "timed_out", "unhealthy", "terminated")
        event.overrode = maybe([], ["a"], ["a", "b"])
        event.logFile = maybe("/logs/1", "/logs/2")
        event.lastAliveUs = maybe(start, start + 7_000_000)
        return event
    }

    private func ledger() throws -> Connection {
        let connection = try Connection(path: "", mode: .inMemory, busyTimeoutMilliseconds: 0)
        try Migrator.migrate(connection, from: 0)
        return connection
    }

    /// A ledger whose table is derived in SQL.
    private func oracle() throws -> Connection {
        let connection = try ledger()
        let path = Path.parent(of: #filePath) + "/Fixtures/deriving-trigger.sql"
        try connection.execute(String(decoding: try FileSystem.read(path), as: UTF8.self))
        return connection
    }

    /// All columns but the last four, which depend on other deployments; see DeliveryTests.
    private func rows(_ connection: Connection) throws -> [[Value]] {
        try connection.prepare(EmbeddedStatements.deploymentRows).rows().map { $0.dropLast(4) }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>, [1, 7])
    func `any events give the rows that SQL gives, however many share a transaction`(
        seed: UInt64, inOne: Int
    ) throws {
        var random = SeededRandom(state: seed)
        var outcomes: Set<Value> = []
        for round in 1...20 {
            let oracle = try oracle()
            let ledger = try ledger()
            var known: Set<EventID> = []
            for first in stride(from: 1 as Int64, through: 28, by: inOne) {
                let events = (first..<first + Int64(inOne)).map { Self.event($0, &random) }
                // A summary that any change has to throw away.
                try ledger.execute(
                    "INSERT OR IGNORE INTO deployment_block VALUES (0, 0, 0, '', '', '')")
                try ledger.transaction(.immediate) { () throws(SQLiteError) in
                    var appender = try EventAppender(ledger)
                    for event in events { _ = try appender.append(EventEnvelope(event)) }
                    try appender.finish()
                }
                for (index, event) in events.enumerated() {
                    try oracle.prepare(EmbeddedStatements.appendEvent).run(
                        .integer(first + Int64(index)), .text(event.json),
                        .blob(.init(repeating: 0, count: 32)))
                }
                let (wanted, found) = (try rows(oracle), try rows(ledger))
                var report = VerificationReport(head: Head(seq: 0, hash: []))
                try DeliveriesCheck(ledger).run(&report)
                try #require(report.problems.isEmpty, "\(report.problems): \(events.map(\.json))")
                try #require(found == wanted, "round \(round): \(events.map(\.json))")
                let subjects = Set(events.compactMap { DeploymentRow.subject(of: $0) })
                if !subjects.isDisjoint(with: known) {
                    #expect(try ledger.value("SELECT count(*) FROM deployment_block") == 0)
                }
                known.formUnion(subjects)
                outcomes.formUnion(
                    try ledger.prepare("SELECT outcome FROM deployment").rows().joined())
            }
        }
        // They went through everything there is.
        #expect(outcomes.count == 7)
    }

    @Test func `the statements have the columns in the order of the row`() throws {
        let connection = try ledger()
        var row = DeploymentRow(.generate(), firstEvent: Event(.requested))
        row.number = 5
        row.outcome = .failed
        row.coveredBy = .generate()
        row.lastSeq = 9
        try connection.prepare(EmbeddedStatements.deploymentInsert)
            .run(binding: row.identity + row.progress)
        row.n = 1
        let written = try connection.prepare(EmbeddedStatements.deploymentRows)
        #expect(try written.step())
        #expect(DeploymentRow(written) == row)
        #expect(
            written.columnNames
                == ["n"]
                + row.differences(from: .allDifferent)
                .filter { $0 != "n" })
        written.reset()
        var other = DeploymentRow.allDifferent
        (other.n, other.id) = (row.n, row.id)
        try connection.prepare(EmbeddedStatements.deploymentRewrite)
            .run(binding: [.integer(1)] + other.identity + other.progress)
        let one = try connection.prepare(EmbeddedStatements.deploymentRow)
        try one.bind([.text(row.id.description)])
        #expect(try one.step())
        #expect(DeploymentRow(one) == other)
        one.reset()
        try connection.prepare(EmbeddedStatements.deploymentUpdate)
            .run(binding: [.integer(1)] + row.progress)
        try one.bind([.text(row.id.description)])
        #expect(try one.step())
        let half = DeploymentRow(one)
        #expect(half.progress == row.progress && half.identity == other.identity)
    }

    @Test func `whether a deployment was imported is said by the event, not by its source`() throws
    {
        var event = Event(.requested)
        event.source = "import"
        event.sha = "abc"
        event.lock = "/a"
        var row = DeploymentRow(.generate(), firstEvent: event)
        row.apply(event, seq: 1)
        #expect(!row.isImported && row.commit != nil)
        event.kind = .imported
        var run = DeploymentRow(.generate(), firstEvent: event)
        run.apply(event, seq: 1)
        #expect(run.isImported && run.commit == nil)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `what the steps came to does not depend on the order of the events`(seed: UInt64) {
        var random = SeededRandom(state: seed)
        var seen: Set<DeploymentLife> = []
        let events = (1...12).map { Self.event($0, &random) }
        for _ in 1...20 {
            var life = DeploymentLife()
            for event in events.shuffled(using: &random) { life.take(event) }
            seen.insert(life)
        }
        #expect(seen.count == 1)
        #expect(seen.first != DeploymentLife())
    }

    @Test func `why a deployment failed is told by its events`() throws {
        func failure(_ change: (inout Event) -> Void, overran: Bool = false) throws -> Value? {
            let ledger = try ledger()
            let id = EventID.generate()
            var released = TestLedger.released(id, number: 1)
            released.outcome = .failed
            released.exitCode = 0
            change(&released)
            var events = [
                TestLedger.requested(id, number: 1), TestLedger.acquired(id, number: 1), released,
            ]
            if overran {
                events.insert(TestLedger.event(.overran, id, number: 1), at: 2)
            }
            try ledger.transaction(.immediate) { () throws(SQLiteError) in
                var appender = try EventAppender(ledger)
                for event in events { _ = try appender.append(EventEnvelope(event)) }
                try appender.finish()
            }
            return try ledger.value("SELECT failure FROM deployment")
        }
        #expect(try failure { $0.reason = "health" } == "health")
        #expect(try failure { $0.exitCode = 3 } == "command")
        #expect(try failure { ($0.exitCode, $0.signal) = (nil, 9) } == "signal")
        #expect(try failure { $0.reason = "command not found" } == "start")
        #expect(try failure({ $0.signal = 15 }, overran: true) == "overran")
        // Told by the keeper of a wrapper that was lost before the check.
        #expect(
            try failure { ($0.outcome, $0.reason) = (.orphaned, "never checked") } == "orphaned")
    }

    @Test func `a time that cannot be written is limited to what can be`() {
        var event = Event(.imported, atUs: .min + 5, monoUs: 0)
        event.heldUs = 10
        var row = DeploymentRow(.generate(), firstEvent: event)
        row.apply(event, seq: 1)
        #expect(row.requestedAtUs == .min)
    }

    @Test func `the schema holds no comments, no views and no trigger that derives`()
        throws
    {
        let connection = try ledger()
        let rows = try connection.prepare(
            "SELECT name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view')"
        ).rows()
        #expect(rows.count == 9)
        for row in rows {
            #expect(row[1].text?.contains("--") == false, "\(row[0])")
            #expect(row[1].text?.contains("raise(ABORT") == true, "\(row[0])")
        }
    }

    @Test func `a covered deployment that was tampered with is reported`() throws {
        let ledger = try TestLedger()
        let id = EventID.generate()
        var requested = TestLedger.requested(id, number: 1)
        requested.batchKey = "web"
        var superseded = TestLedger.event(.superseded, id, number: 1)
        superseded.outcome = .superseded
        superseded.coveredBy = .generate()
        superseded.coveredByNumber = 2
        _ = ledger.writer.record([EventEnvelope(requested), EventEnvelope(superseded)])
        #expect(try LedgerVerifier(ledger.settings).verify().isWhole)
        try ledger.shell("UPDATE deployment SET covered_by = 'x'")
        let problems = try LedgerVerifier(ledger.settings).verify().problems
        #expect(problems.map(\.what).contains { $0.contains("was changed: covered_by") })
    }
}

extension DeploymentRow {
    /// A row in which every column has a value of its own.
    fileprivate static var allDifferent: DeploymentRow {
        var row = DeploymentRow(.generate(), firstEvent: Event(.requested))
        row.n = 77
        (row.number, row.lock, row.host, row.boot) = (78, "l", "h", "b")
        (row.pid, row.pidStart, row.pidNS) = (79, 80, 81)
        (row.user, row.actor, row.claimedActor, row.source) = ("u", "a", "c", "s")
        (row.tier, row.sha, row.ref, row.runURL, row.batchKey) = ("t", "sha", "ref", "url", "key")
        (row.ahead, row.requestedAtUs, row.requestedSeq) = (82, 83, 84)
        (row.isImported, row.runEvent, row.workflow) = (true, "push", "w")
        (row.acquiredAtUs, row.queueLeftAtUs, row.endedAtUs) = (85, 86, 87)
        (row.waitUs, row.heldUs, row.exitCode, row.signal) = (88, 89, 90, 91)
        (row.outcome, row.reason, row.isInferred) = (.orphaned, "died", true)
        (row.wrapperLostAtUs, row.coveredBy, row.coveredByNumber) = (92, .generate(), 93)
        row.lastSeq = 94
        row.committedAtUs = 97
        row.overran = true
        (row.life.commandUs, row.life.healthUs, row.life.rollbackUs) = (98, 99, 100)
        (row.life.frozenUs, row.life.endedWith, row.life.overrode) = (101, 102, true)
        (row.life.health, row.life.rollback, row.life.logFile) = ("unhealthy", "done", "/log")
        row.delivery.coverOutcome = .failed
        row.delivery.isFirstRequest = true
        (row.delivery.atUs, row.delivery.by) = (95, 96)
        return row
    }
}
