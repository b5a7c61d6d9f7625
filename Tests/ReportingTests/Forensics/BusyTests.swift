import Ledger
import Queries
import SQLite
import Testing

/// How much of the time the lock was held.
@Suite("Forensics: busy")
struct BusyTests {
    private typealias Facts = LedgerFixture.Facts
    private static let day = 86_400.0

    /// Hours of Monday, Tuesday and Wednesday; `start` is a midnight of UTC.
    ///
    ///     #1 Monday    20 ██████ Tuesday 2      4 hours of Monday, 2 of Tuesday
    ///     #2 Tuesday   10 █ 11
    ///     #3 Tuesday   12 █ 12:30, dead; noticed at 15
    ///     #4 Tuesday   14 waits until 15, 15 █ 16
    private static func ledger() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        let hour = 3600.0
        try ledger.add(asked: 20 * hour, wait: 0, held: 6 * hour, .exit(0), Facts(lock: "/a"))
        try ledger.add(asked: 34 * hour, wait: 0, held: hour, .exit(1), Facts(lock: "/a"))
        try ledger.add(
            asked: 36 * hour, wait: 0, held: hour / 2, .died(foundAt: 39 * hour), Facts(lock: "/a"))
        try ledger.add(asked: 38 * hour, wait: hour, held: hour, .exit(0), Facts(lock: "/a"))
        return ledger
    }

    private static let show = "lock from_us to_us held_us of_us share deployments number longest_us"

    @Test func `by day of UTC, cut at midnight and at the edges of the window`() throws {
        let ledger = try Self.ledger()
        // Monday 4 h of 24; Tuesday 2 + 1 + 0.5 + 1 of 24; Wednesday nothing.
        #expect(
            try ledger.ask(
                "busy", ["since": LedgerFixture.at(0), "until": LedgerFixture.at(3 * Self.day)],
                show: Self.show) == [
                    "/a 0 86400 14400 86400 0.167 1 1 14400",
                    "/a 86400 172800 16200 86400 0.188 4 1 7200",
                    "/a 172800 259200 0 86400 0 0 - -",
                ])
        // From Monday 22:00 to Tuesday 10:30: 2 h of 2, 2.5 h of 10.5.
        #expect(
            try ledger.ask(
                "busy",
                ["since": LedgerFixture.at(79_200), "until": LedgerFixture.at(124_200)],
                show: Self.show) == [
                    "/a 79200 86400 7200 7200 1 1 1 7200",
                    "/a 86400 124200 9000 37800 0.238 2 1 7200",
                ])
        // The edge of a window is not in it.
        #expect(
            try ledger.ask(
                "busy",
                ["since": LedgerFixture.at(93_600), "until": LedgerFixture.at(122_400)],
                show: "held_us deployments") == ["0 0"])
        #expect(
            try ledger.ask(
                "busy",
                [
                    "since": LedgerFixture.at(0), "until": LedgerFixture.at(Self.day),
                    "lock": "/b",
                ], show: "lock"
            ).isEmpty)
    }

    @Test func `by day of another zone, whose days begin elsewhere and are not all as long`() throws
    {
        let ledger = try Self.ledger()
        // Midnights of a zone two hours ahead, and clocks that go back in the second night.
        let edges = [-7200.0, 79_200, 169_200].map {
            String(LedgerFixture.instant($0).microseconds)
        }
        #expect(
            try ledger.ask(
                "busy",
                [
                    "since": LedgerFixture.at(0), "until": LedgerFixture.at(2 * Self.day),
                    "days": .text("[\(edges.joined(separator: ","))]"),
                ], show: "from_us to_us held_us of_us deployments") == [
                    "0 79200 7200 79200 1", "79200 169200 23400 90000 4", "169200 172800 0 3600 0",
                ])
    }

    @Test func `one that still runs, and one that was abandoned, count no moment twice`() throws {
        let ledger = try LedgerFixture()
        // #1 was abandoned at 11 and ran until 50; #2 got the lock at 12 and has it still.
        let left = try ledger.add(asked: 0, wait: 0, held: 0, .none, Facts(lock: "/a"))
        try ledger.force(left, 1, at: 11, by: "bob", result: "abandoned", decides: true)
        try ledger.add(asked: 12, wait: 0, held: 0, .none, Facts(lock: "/a"))
        try ledger.force(left, 1, at: 50, by: "bob", result: "ended", held: 50)
        #expect(
            try ledger.ask(
                "busy", ["since": LedgerFixture.at(0), "until": LedgerFixture.at(100)],
                show: "held_us deployments number longest_us") == ["100 2 2 88"])
    }

    @Test func `deploystats gives the days of the zone`() throws {
        let berlin = try Zone(named: "Europe/Berlin")
        let reader = ParameterReader(now: LedgerFixture.instant(0), zone: berlin)
        let query = try NamedQuery.named("busy")
        // Clocks go back on 2026-10-25: that day has 25 hours.
        let since = Instant(microseconds: 1_792_800_000_000_000)
        let days = try reader.days(
            since: .integer(since.microseconds),
            until: .integer(since.microseconds + 3 * 86_400_000_000), of: query)
        let edges = try #require(days.text).split { !$0.isNumber }.compactMap { Int64($0) }
        #expect(edges.count == 4)
        #expect(edges[0] <= since.microseconds)
        #expect(zip(edges, edges.dropFirst()).map { ($1 - $0) / 3_600_000_000 } == [24, 25, 24])
        #expect(throws: ReportError.self) {
            try reader.days(since: .integer(-4_000_000_000_000_000_00), until: nil, of: query)
        }
    }
}
