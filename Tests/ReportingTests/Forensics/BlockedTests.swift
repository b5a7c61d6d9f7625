import Ledger
import Queries
import SQLite
import TestSupport
import Testing

/// Whom a deployment kept waiting.
@Suite("Forensics: blocked")
struct BlockedTests {
    private typealias Facts = LedgerFixture.Facts

    /// Waiting is `·`, having the lock `█`, dead and not yet noticed `░`; seconds.
    ///
    ///     #1 ann    0 █████████ 100
    ///     #2 bob     20 ······· 101 ██████ 160
    ///     #3 carol     40 ·········· 140 gives up
    ///     #4 dave        50 ···············162 █████ 300
    ///     #5 hal             110 refused: they would not wait
    ///     #6 ivy              120 skipped: enough were pending
    ///     #7 erin                                   310 ████ 350 ░░░░ 420
    ///     #8 fay                                      320 ············ 420 █ 430
    private static func ledger() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        func facts(_ actor: String) -> Facts { Facts(lock: "/a", actor: actor) }
        try ledger.add(asked: 0, wait: 0, held: 100, .exit(0), facts("ann"))
        try ledger.add(asked: 20, wait: 81, held: 59, .exit(1), facts("bob"))
        try ledger.add(asked: 40, wait: 100, .timeout, facts("carol"))
        try ledger.add(asked: 50, wait: 112, held: 138, .exit(0), facts("dave"))
        try ledger.add(asked: 110, wait: 0, .refused, facts("hal"))
        try ledger.add(asked: 120, wait: 0, .skipped, facts("ivy"))
        try ledger.add(asked: 310, wait: 0, held: 40, .died(foundAt: 420), facts("erin"))
        try ledger.add(asked: 320, wait: 100, held: 10, .exit(0), facts("fay"))
        return ledger
    }

    private static let show = "number how blocked_us ahead_us from_us to_us waited_us outcome actor"

    private func blocked(
        _ ledger: LedgerFixture, _ deployment: Value, _ lock: Value = .null, show: String = show
    ) throws -> [String] {
        try ledger.ask("blocked", ["deployment": deployment, "lock": lock], show: show)
    }

    @Test func `the time with the lock, the time ahead in the queue, and what became of each`()
        throws
    {
        let ledger = try Self.ledger()
        // #1 had the lock from 0 to 100 and was ahead of nobody: #2 asked at 20, #3 at 40, #4 at 50.
        #expect(
            try blocked(ledger, 1) == [
                "2 waited 80 0 20 100 81 failed bob", "3 waited 60 0 40 100 100 timed_out carol",
                "4 waited 50 0 50 100 112 succeeded dave",
            ])
        // #2 waited before #3 from 40 to 101 and had the lock from 101 until that gave up at 140;
        // before #4 from 50 to 101, and had the lock from 101 to 160.
        #expect(
            try blocked(ledger, 2) == [
                "3 waited 39 61 40 140 100 timed_out carol",
                "4 waited 59 51 50 160 112 succeeded dave",
                "5 turned away 0 0 110 110 0 refused hal",
                "6 turned away 0 0 120 120 0 skipped ivy",
            ])
        // #3 never had the lock, and was before #4 in the queue from 50 to 140.
        #expect(try blocked(ledger, 3) == ["4 waited 0 90 50 140 112 succeeded dave"])
        // The dead #7 had it until #8 got it: 320 to 420.
        #expect(try blocked(ledger, 7) == ["8 waited 100 0 320 420 100 succeeded fay"])
        #expect(try blocked(ledger, 8).isEmpty)
        #expect(try blocked(ledger, 99).isEmpty)
        #expect(try blocked(ledger, 1, "/b").isEmpty)
    }

    @Test func `a deployment is named by its id or the beginning of it, too`() throws {
        let ledger = try Self.ledger()
        try ledger.add(asked: 0, wait: 0, held: 30, .exit(0), Facts(lock: "/b"))
        try ledger.add(asked: 10, wait: 20, held: 1, .exit(0), Facts(lock: "/b"))
        // #1 of both locks.
        let show = "lock number blocked_us blocker"
        #expect(
            try blocked(ledger, 1, show: show)
                == ["/a 2 80 1", "/a 3 60 1", "/a 4 50 1", "/b 2 20 1"])
        let id = try #require(
            ledger.reader().connection.prepare(
                "SELECT id FROM deployment WHERE lock = '/b' AND number = 1"
            ).rows()[0][0].text)
        #expect(try blocked(ledger, .text(id), show: show) == ["/b 2 20 1"])
        let waiter = try #require(
            ledger.reader().connection.prepare(
                "SELECT id FROM deployment WHERE lock = '/b' AND number = 2"
            ).rows()[0][0].text)
        for name in [waiter, String(waiter.dropLast())] {
            #expect(
                try ledger.ask(
                    "blocked-by", ["waiter": .text(name)], show: "lock number blocked_us")
                    == ["/b 1 20"])
        }
    }

    @Test func `one that runs blocks who waits up to now`() throws {
        let ledger = try LedgerFixture()
        let long = LedgerFixture.longAgo
        try ledger.add(asked: long, wait: 0, held: 1, .none, Facts(lock: "/a"))
        try ledger.add(asked: long + 10, wait: 0, .none, Facts(lock: "/a"))
        #expect(
            try ledger.ask(
                "blocked", ["deployment": 1], show: "number how share outcome",
                clock: ["blocked_us", "to_us", "waited_us"]) == ["2 waited 1 waiting"])
    }

    @Test(arguments: 1...20)
    func `blocked says of each deployment what blocked-by says of its waiters`(seed: UInt64) throws
    {
        var chance = SeededRandom(state: seed)
        let ledger = try LedgerFixture()
        let count: Int64 = 12
        for _ in 1...count {
            let asked = Double(Int.random(in: 0..<200_000, using: &chance)) / 1000
            let wait = Double(Int.random(in: 0..<60_000, using: &chance)) / 1000
            let held = Double(Int.random(in: 0..<100_000, using: &chance)) / 1000
            let ends: [LedgerFixture.End] = [.exit(0), .exit(1), .died(foundAt: 500)]
            let isLeft = Int.random(in: 0..<4, using: &chance) == 0
            try ledger.add(
                asked: asked, wait: wait, held: isLeft ? nil : held,
                isLeft ? .timeout : chance.one(of: ends), Facts(lock: "/a"))
        }
        var from: [String: Int64] = [:]
        var by: [String: Int64] = [:]
        let connection = try ledger.reader().connection
        for number in 1...count {
            let value: [String: Value] = ["deployment": .integer(number)]
            for row in try QueryRun(.named("blocked"), on: connection, value).rest()
            where row.count("blocked_us") > 0 {
                from["\(number) \(row.count("number"))"] = row.count("blocked_us")
            }
            let waiter: [String: Value] = ["waiter": .integer(number)]
            for row in try QueryRun(.named("blocked-by"), on: connection, waiter).rest() {
                guard let blocker = row.integer("number"), row.count("blocked_us") > 0 else {
                    continue
                }
                by["\(blocker) \(number)", default: 0] += row.count("blocked_us")
            }
        }
        #expect(from == by)
    }
}
