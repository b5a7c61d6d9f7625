import JSON
import SQLite
import TestSupport
import Testing

@testable import Ledger

/// The event that a wrapper was killed while its deployment had the lock.
@Suite struct WrapperLostTests {
    private static let start: Int64 = 1_700_000_000_000_000

    private static func at(_ seconds: Int64) -> Int64 { start + seconds * 1_000_000 }

    /// What a keeper records as soon as its wrapper is gone.
    private static func lost(_ id: EventID, number: Int64, at seconds: Int64 = 2) -> Event {
        var event = TestLedger.event(.wrapperLost, id, number: number, atUs: at(seconds))
        event.pid = 4800
        event.boot = "boot"
        event.pidStart = 120
        event.pidNS = 4_026_531_836
        return event
    }

    private static func requested(_ id: EventID, number: Int64) -> Event {
        var event = TestLedger.requested(id, number: number)
        event.pidNS = 4_026_531_836
        return event
    }

    private static func orphaned(_ id: EventID, number: Int64) -> Event {
        var event = TestLedger.event(.orphaned, id, number: number, atUs: at(60))
        event.outcome = .orphaned
        event.reason = "died"
        event.lastAliveUs = at(4)
        return event
    }

    private static func freed(_ id: EventID, number: Int64, victim: String) -> Event {
        var event = TestLedger.event(.forcedUnlock, id, number: number, atUs: at(3))
        event.pid = 9000
        event.outcome = .forceUnlocked
        event.victim = victim
        return event
    }

    private func rows(_ ledger: TestLedger, _ columns: String) throws -> [[Value]] {
        try LedgerReader(path: ledger.path).connection
            .prepare("SELECT \(columns) FROM deployment ORDER BY number").rows()
    }

    private func record(_ ledger: TestLedger, _ events: [Event]) throws {
        for event in events {
            try #require(ledger.writer.record([EventEnvelope(event)]).seq != nil)
        }
    }

    @Test func `the record of a lost wrapper says who answers for the deployment now`() throws {
        let id = EventID.generate()
        let event = Self.lost(id, number: 41)
        let line = try #require(EventEnvelope(text: EventEnvelope(event).text))
        #expect(line.event == event)
        #expect(line.kind == .wrapperLost)
        #expect(line.record.contains(#""kind":"wrapper_lost""#))
        #expect(line.record.contains(#""pid_ns":4026531836"#))
        #expect(!EventKind.wrapperLost.endsDeployment)
        #expect(!EventEnvelope.containsOutcome([line.text]))
    }

    @Test func `a deployment without its wrapper continues and its keeper is the one to judge`()
        throws
    {
        let ledger = try TestLedger()
        let id = EventID.generate()
        try record(
            ledger,
            [
                Self.requested(id, number: 1), TestLedger.acquired(id, number: 1),
                Self.lost(id, number: 1),
            ])
        let holder = try #require(
            LedgerReader(path: ledger.path).holders(host: "host", lock: "/tmp/a.lock").first)
        #expect(holder.pid == 4800)
        #expect(holder.pidStart == 120)
        #expect(holder.pidNamespace == 4_026_531_836)
        try record(ledger, [TestLedger.released(id, number: 1)])
        #expect(
            try rows(ledger, "outcome, held_us, exit_code, wrapper_lost_at_us, orphaned_at_us")
                == [["succeeded", 5_000_000, 0, .integer(Self.at(2)), .integer(Self.at(2))]])
        #expect(try LedgerVerifier(ledger.settings).verify().isWhole)
    }

    /// Every order of a list.
    private static func orders(_ events: [Event]) -> [[Event]] {
        guard events.count > 1 else { return [events] }
        return events.indices.flatMap { place in
            var rest = events
            let first = rest.remove(at: place)
            return orders(rest).map { [first] + $0 }
        }
    }

    private static let histories: [(String, @Sendable (EventID) -> [Event], [Value])] = [
        (
            "the end is known",
            { [lost($0, number: 1), TestLedger.released($0, number: 1)] },
            ["succeeded", 5_000_000, .integer(at(2)), .integer(at(2)), 4800, 120]
        ),
        (
            "the keeper died, too",
            { [lost($0, number: 1), orphaned($0, number: 1)] },
            ["orphaned", nil, .integer(at(2)), .integer(at(2)), 4800, 120]
        ),
        (
            "the keeper was taken for dead before its word came",
            {
                [lost($0, number: 1), orphaned($0, number: 1), TestLedger.released($0, number: 1)]
            },
            ["succeeded", 5_000_000, .integer(at(2)), .integer(at(2)), 4800, 120]
        ),
        (
            "both died at once",
            { [orphaned($0, number: 1)] },
            ["orphaned", nil, nil, .integer(at(4)), 4711, 99]
        ),
        (
            "a person freed it",
            { [lost($0, number: 1), freed($0, number: 1, victim: "running_orphan")] },
            ["force_unlocked", nil, .integer(at(2)), .integer(at(2)), 4800, 120]
        ),
        (
            "a person freed it before anybody said that it was lost",
            { [freed($0, number: 1, victim: "dead_orphan")] },
            ["force_unlocked", nil, .integer(at(3)), .integer(at(3)), 4711, 99]
        ),
        (
            "a person freed one that was well",
            { [freed($0, number: 1, victim: "holder")] },
            ["force_unlocked", nil, nil, nil, 4711, 99]
        ),
        (
            "it was said twice",
            { [lost($0, number: 1, at: 3), lost($0, number: 1)] },
            [nil, nil, .integer(at(2)), .integer(at(2)), 4800, 120]
        ),
    ]

    @Test(arguments: histories.indices)
    func `the order in which events of a lost wrapper arrive does not matter`(place: Int) throws {
        let (name, events, wanted) = Self.histories[place]
        let id = EventID.generate()
        let all = [Self.requested(id, number: 1), TestLedger.acquired(id, number: 1)] + events(id)
        for order in Self.orders(all) {
            let connection = try Connection(path: "", mode: .inMemory, busyTimeoutMilliseconds: 0)
            try Migrator.migrate(connection, from: 0)
            try connection.transaction(.immediate) { () throws(SQLiteError) in
                for event in order {
                    var appender = try EventAppender(connection)
                    _ = try appender.append(EventEnvelope(event))
                    try appender.finish()
                }
            }
            let row = try connection.prepare(
                """
                SELECT outcome, held_us, wrapper_lost_at_us, orphaned_at_us, pid, pid_start
                FROM deployment
                """
            ).rows().first
            #expect(row == wanted, "\(name): \(order.map(\.kind))")
        }
    }

    @Test func `a sweep asks about the keeper and closes what both have left`() throws {
        let ledger = try TestLedger()
        let id = EventID.generate()
        // Its first events are still on their way.
        try record(ledger, [Self.lost(id, number: 1)])
        let sweep = Sweep(
            host: "host", lock: "/tmp/a.lock", recordedBy: nil,
            isDead: { $0.pid == 4800 && $0.pidStart == 120 && $0.pidNamespace == 4_026_531_836 },
            leftovers: { Leftovers() })
        guard case .written(_, _, let swept, _) = ledger.writer.record([], sweep: sweep) else {
            Issue.record("not written")
            return
        }
        #expect(swept.map(\.outcome) == [.orphaned])
        #expect(
            try rows(ledger, "outcome, orphaned_at_us, ended_at_us")
                == [["orphaned", .integer(Self.at(2)), .integer(Self.at(2))]])
    }
}
