import SQLite
import TestSupport
import Testing

@testable import Ledger

/// What became of the commits of deployments.
@Suite struct DeliveryTests {
    private static let start: Int64 = 1_700_000_000_000_000

    private static func id(_ number: Int64) -> EventID {
        .derived(from: "deployment \(number)", place: 0, atUs: start)
    }

    private func ledger(ofVersion version: Int = Migrator.knownVersion) throws -> Connection {
        let connection = try Connection(path: "", mode: .inMemory, busyTimeoutMilliseconds: 0)
        try Migrator.migrate(connection, from: 0, to: version)
        return connection
    }

    private func append(_ events: [Event], to ledger: Connection) throws {
        try ledger.transaction(.immediate) { () throws(SQLiteError) in
            var appender = try EventAppender(ledger)
            for event in events { _ = try appender.append(EventEnvelope(event)) }
            try appender.finish()
        }
    }

    private func deliveries(_ ledger: Connection) throws -> [[Value]] {
        try ledger.prepare(
            """
            SELECT id, cover_outcome, is_first_request, delivered_at_us, delivered_by, failure,
                   source, is_imported, overran, committed_at_us, run_event, workflow,
                   command_us, health_us, rollback_us, frozen_us, ended_with, health, rollback,
                   overrode, log_file, ran_us
            FROM deployment ORDER BY n
            """
        ).rows()
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `a migrated ledger says what one says that was written by this version`(
        seed: UInt64
    ) throws {
        var random = SeededRandom(state: seed)
        let ledger = try ledger()
        for transaction in 0..<8 as Range<Int64> {
            let events = (0..<4).map { DeploymentRowTests.event(transaction * 4 + $0, &random) }
            try append(events, to: ledger)
        }
        let older = try self.ledger(ofVersion: 1)
        let columns = try older.prepare("SELECT name FROM pragma_table_info('deployment')").rows()
            .compactMap { $0[0].text }.joined(separator: ", ")
        let places = columns.map { $0 == "," ? ", " : "" }.joined()
        #expect(!places.isEmpty)
        let insert = try older.prepare(
            "INSERT INTO deployment (\(columns)) VALUES ("
                + columns.split(separator: ",").map { _ in "?" }.joined(separator: ", ") + ")")
        for row in try ledger.prepare("SELECT \(columns) FROM deployment").rows() {
            try insert.run(binding: row)
        }
        let append = try older.prepare("INSERT INTO event (seq, record, hash) VALUES (?, ?, ?)")
        for row in try ledger.prepare("SELECT seq, record, hash FROM event ORDER BY seq").rows() {
            try append.run(binding: row)
        }
        try Migrator.migrate(older, from: 1)
        #expect(try deliveries(older) == deliveries(ledger))
    }

    /// The events of a deployment that asked at a second, and what became of it at another one.
    private func events(
        _ number: Int64, _ sha: String, asked: Int64, ended: Int64? = nil,
        _ outcome: Outcome? = nil,
        for cover: Int64? = nil
    ) -> [Event] {
        func event(_ kind: EventKind, _ second: Int64) -> Event {
            var event = Event(
                kind, id: .derived(from: "\(number) \(kind)", place: 1, atUs: Self.start),
                atUs: Self.start + second * 1_000_000, monoUs: 1, host: "web-1")
            event.deployment = Self.id(number)
            event.number = number
            event.lock = "/a.lock"
            return event
        }
        var requested = event(.requested, asked)
        requested.sha = sha
        guard let ended, let outcome else { return [requested] }
        var end = event(outcome == .superseded ? .superseded : .released, ended)
        end.outcome = outcome
        end.coveredBy = cover.map(Self.id)
        end.coveredByNumber = cover
        return [requested, end]
    }

    /// Of each deployment in order: outcome of its cover, whether first, delivered after how many
    /// seconds, by which place.
    private func table(_ ledger: Connection) throws -> [String] {
        try deliveries(ledger).map { row in
            let at = row[3].integer.map { "\(($0 - Self.start) / 1_000_000)s" } ?? "-"
            return
                "\(row[1].text ?? "-") \(row[2].integer == 1 ? "first" : "again") \(at) "
                + (row[4].integer.map { "by \($0)" } ?? "-")
        }
    }

    @Test func `a chain of covers that ends in a success delivers every commit of it`() throws {
        // #1 (a) steps aside for #2 (b), that for #3 (c), which succeeds at 90s.
        let all = [
            events(1, "a", asked: 0, ended: 10, .superseded, for: 2),
            events(2, "b", asked: 5, ended: 20, .superseded, for: 3),
            events(3, "c", asked: 15, ended: 90, .succeeded),
        ]
        let wanted = [
            "succeeded first 90s by 3", "succeeded first 90s by 3", "- first 90s -",
        ]
        // In whatever order that arrives, and however much of it in one transaction.
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [2, 0, 1]] {
            let apart = try ledger()
            for place in order { try append(all[place], to: apart) }
            let together = try ledger()
            try append(order.flatMap { all[$0] }, to: together)
            for ledger in [apart, together] {
                let rows = try table(ledger)
                let last = order.firstIndex(of: 2)! + 1
                let expected = order.map {
                    wanted[$0].replacing("by 3", with: "by \(last)")
                }
                #expect(rows == expected, "\(order)")
            }
        }
    }

    @Test func `while the end of the chain is in flight nothing is delivered`() throws {
        let ledger = try ledger()
        try append(
            events(1, "a", asked: 0, ended: 10, .superseded, for: 2) + events(2, "b", asked: 5),
            to: ledger)
        #expect(try table(ledger) == ["- first - -", "- first - -"])
        try append([events(2, "b", asked: 5, ended: 60, .failed)[1]], to: ledger)
        #expect(try table(ledger) == ["failed first - -", "- first - -"])
    }

    @Test func `a commit is delivered once, and again is a repetition`() throws {
        let ledger = try ledger()
        try append(events(1, "a", asked: 0, ended: 10, .failed), to: ledger)
        try append(events(2, "a", asked: 20, ended: 30, .succeeded), to: ledger)
        try append(events(3, "a", asked: 40, ended: 50, .succeeded), to: ledger)
        #expect(
            try table(ledger) == ["- first 30s by 2", "- again - -", "- again - -"])
        // One that succeeded even earlier, told late.
        try append(events(4, "a", asked: 5, ended: 25, .succeeded), to: ledger)
        #expect(try table(ledger)[0] == "- first 25s by 4")
        // One that asked even earlier takes over.
        try append(events(5, "a", asked: -5, ended: 5, .failed), to: ledger)
        #expect(try table(ledger)[0] == "- again - -")
        #expect(try table(ledger)[4] == "- first 25s by 4")
    }

    @Test func `deployments that stepped aside in a circle deliver nothing`() throws {
        let ledger = try ledger()
        try append(
            events(1, "a", asked: 0, ended: 10, .superseded, for: 2)
                + events(2, "b", asked: 5, ended: 20, .superseded, for: 1), to: ledger)
        #expect(
            try table(ledger) == ["superseded first - -", "superseded first - -"])
    }

    @Test func `a chain may be as long as a file of events makes it`() throws {
        let ledger = try ledger()
        let length: Int64 = 5000
        for first in stride(from: 1, to: length, by: 1000) {
            let all = (first..<min(first + 1000, length)).flatMap {
                events($0, "\($0)", asked: $0, ended: $0 + 1, .superseded, for: $0 + 1)
            }
            try append(all, to: ledger)
        }
        try append(events(length, "end", asked: 0, ended: length, .succeeded), to: ledger)
        #expect(
            try ledger.value(
                "SELECT count(*) FROM deployment WHERE delivered_by = (SELECT max(n) FROM deployment)"
            )
                == .integer(length - 1))
    }

    @Test(arguments: [
        ("cover_outcome = 'failed'", 1), ("is_first_request = 0", 1), ("delivered_at_us = 1", 2),
        ("delivered_by = 9", 2),
    ])
    func `a changed delivery is found`(change: String, place: Int64) throws {
        let ledger = try ledger()
        try append(
            events(1, "a", asked: 0, ended: 10, .superseded, for: 2)
                + events(2, "b", asked: 5, ended: 20, .succeeded), to: ledger)
        var report = VerificationReport(head: Head(seq: 0, hash: []))
        try DeliveriesCheck(ledger).run(&report)
        #expect(report.problems.isEmpty)
        try ledger.execute("UPDATE deployment SET \(change) WHERE n = \(place)")
        let column = change.split(separator: " ")[0]
        for whole in [true, false] {
            var report = VerificationReport(head: Head(seq: 0, hash: []))
            if whole {
                try DeliveriesCheck(ledger).run(&report)
            } else {
                try DeliveriesCheck(ledger).run(at: [place], &report)
            }
            #expect(
                report.problems.map(\.what) == [
                    "row \(place) of the table of deployments was changed: \(column)"
                ])
        }
    }
}
