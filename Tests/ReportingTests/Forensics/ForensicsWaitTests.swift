import Ledger
import Queries
import Reporting
import SQLite
import TestSupport
import Testing

/// Questions about who waited, behind whom and for nothing.
@Suite("Forensics: waiting")
struct ForensicsWaitTests {
    private typealias Facts = LedgerFixture.Facts

    /// Waiting is `·`, having the lock `█`, dead and not yet noticed `░`; seconds.
    ///
    ///     #1 ann    0 █████████ 100
    ///     #2 bob     20 ······· 101 ██████ 160
    ///     #3 carol     40 ·········· 140 gives up
    ///     #4 dave        50 ···············162 █████ 300
    ///     #5 erin                                   310 ████ 350 ░░░░ 420
    ///     #6 fay                                      320 ············ 420 █ 430
    ///     #7 gil                                             400 ········· 430 ██ 9000
    private static func ledger() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 100, .exit(0), Facts(lock: "/a"))
        try ledger.add(asked: 20, wait: 81, held: 59, .exit(0), Facts(lock: "/a", actor: "bob"))
        try ledger.add(asked: 40, wait: 100, .timeout, Facts(lock: "/a", actor: "carol"))
        try ledger.add(asked: 50, wait: 112, held: 138, .exit(0), Facts(lock: "/a", actor: "dave"))
        let dead = try ledger.add(
            asked: 310, wait: 0, held: 40, .none, Facts(lock: "/a", actor: "erin"))
        let finder = try ledger.add(
            asked: 320, wait: 100, held: 10, .exit(0), Facts(lock: "/a", actor: "fay"))
        try ledger.tell(.orphaned, dead, 5, at: 420) { event in
            event.outcome = .orphaned
            event.reason = "died"
            event.lastAliveUs = LedgerFixture.instant(350).microseconds
            event.heldUs = 40_000_000
            event.recordedBy = finder
        }
        try ledger.add(asked: 400, wait: 30, held: 8570, .exit(0), Facts(lock: "/a", actor: "gil"))
        return ledger
    }

    private func blocked(
        _ ledger: LedgerFixture, _ number: Int64, _ lock: Value = "/a"
    ) throws -> [String] {
        try ledger.ask(
            "blocked-by", ["waiter": .integer(number), "lock": lock],
            show: "lock number how blocked_us ahead_us waited_us")
    }

    @Test func `blocked-by: holder, those ahead and the gaps between add up to the whole wait`()
        throws
    {
        let ledger = try Self.ledger()
        // 50 to 100 behind #1, 101 to 160 behind #2, which had waited from 50 to 101; the gaps are
        // 100 to 101 and 160 to 162. #3 was ahead from 50 to 140 and left without the lock.
        #expect(
            try blocked(ledger, 4) == [
                "/a 1 holder 50 0 112", "/a 3 ahead 0 90 112", "/a - nobody 3 0 112",
                "/a 2 ahead 59 51 112",
            ])
        #expect(50 + 3 + 59 == 112)
        #expect(try blocked(ledger, 1).isEmpty)
        // #3 gave up while #2 had the lock: 40 to 100, 1 between, 101 to 140.
        #expect(
            try blocked(ledger, 3) == [
                "/a 1 holder 60 0 100", "/a - nobody 1 0 100", "/a 2 ahead 39 61 100",
            ])
    }

    @Test func `blocked-by: time between an orphan's last sign of life and the next is its own`()
        throws
    {
        let ledger = try Self.ledger()
        #expect(
            try blocked(ledger, 6) == ["/a 5 holder 30 0 100", "/a 5 orphan 70 0 100"])
        // #7 waits behind the dead #5 until 420, then behind #6.
        #expect(try blocked(ledger, 7) == ["/a 5 orphan 20 0 30", "/a 6 ahead 10 20 30"])
    }

    @Test func `blocked-by: the number of several locks means all of them, unless one is named`()
        throws
    {
        let ledger = try Self.ledger()
        try ledger.add(asked: 0, wait: 0, held: 10, .exit(0), Facts(lock: "/b"))
        try ledger.add(asked: 4, wait: 6, held: 10, .exit(0), Facts(lock: "/b"))
        let all = try blocked(ledger, 2, .null)
        #expect(all == ["/a 1 holder 80 0 81", "/a - nobody 1 0 81", "/b 1 holder 6 0 6"])
        #expect(try blocked(ledger, 2, "/b") == ["/b 1 holder 6 0 6"])
        #expect(try blocked(ledger, 99, .null).isEmpty)
    }

    @Test(arguments: 1...20)
    func `blocked-by: chance cannot make parts that do not add up`(seed: UInt64) throws {
        var chance = SeededRandom(state: seed)
        let ledger = try LedgerFixture()
        var waits: [Int64: Int] = [:]
        for number in 1...12 {
            var plan = PlannedDeployment.random(&chance, span: 200)
            plan.facts.lock = "/a"
            if plan.outcome == .forceUnlocked { plan.outcome = .failed }
            try plan.add(to: ledger)
            if plan.left != nil { waits[Int64(number)] = plan.wait }
        }
        let query = "waiter blocked_us waited_us"
        for (number, wait) in waits {
            let rows = try ledger.ask(
                "blocked-by", ["waiter": .integer(number)], show: query)
            let sum = rows.compactMap { Int($0.split(separator: " ")[1]) }.reduce(0, +)
            #expect(sum == wait, "#\(number)")
        }
    }

    @Test func `blocked-by: one that still waits is behind the holder up to now`() throws {
        let ledger = try LedgerFixture()
        let long = LedgerFixture.longAgo
        try ledger.add(asked: long, wait: 0, held: 1, .none, Facts(lock: "/a"))
        try ledger.add(asked: long + 10, wait: 0, .none, Facts(lock: "/a"))
        let rows = try ledger.ask(
            "blocked-by", ["waiter": 2], show: "number how share outcome waiter_outcome",
            clock: ["blocked_us", "to_us", "waited_us"])
        #expect(rows == ["1 holder 1 running waiting"])
    }

    @Test func `orphans: last sign of life, when and by whom it was noticed, its cost to others`()
        throws
    {
        let ledger = try Self.ledger()
        // #6 waited from 350 to 420, #7 from 400 to 420.
        #expect(
            try ledger.ask(
                "orphans",
                show: "number alive_at_us found_at_us unnoticed_us found_by held_us next_number "
                    + "next_at_us waiters cost_us actor")
                == ["5 350 420 70 6 40 6 420 2 90 erin"])
        #expect(
            try ledger.ask("orphans", ["since": LedgerFixture.at(351)], show: "number").isEmpty)
        #expect(
            try ledger.ask("orphans", ["until": LedgerFixture.at(350)], show: "number").isEmpty)
        #expect(try ledger.ask("orphans", ["lock": "/b"], show: "number").isEmpty)
    }

    @Test func `timeouts: how long, and behind whom when it gave up`() throws {
        let ledger = try Self.ledger()
        try ledger.add(asked: 10_000, wait: 60, .timeout, Facts(lock: "/a", actor: "hal"))
        let show =
            "number actor gave_up_at_us wait_us holder holder_actor holder_for_us holder_rest_us"
        #expect(
            try ledger.ask("timeouts", show: show)
                == ["8 hal 10060 60 - - - -", "3 carol 140 100 2 bob 39 20"])
        #expect(
            try ledger.ask("timeouts", ["until": LedgerFixture.at(10_000)], show: "number")
                == ["3"])
    }

    @Test func `gaps: idle when the queue was empty, a hand-over when somebody waited`() throws {
        let ledger = try Self.ledger()
        try ledger.add(asked: 20_000, wait: 5, held: 10, .exit(0), Facts(lock: "/a", actor: "hal"))
        func gaps(_ values: [String: Value]) throws -> [String] {
            try ledger.ask(
                "gaps", values.merging(["until": LedgerFixture.at(30_000)]) { given, _ in given },
                show: "kind from_us to_us gap_us idle_us hand_over_us number previous_number")
        }
        // 9000 to 20000 nobody asked, then #8 waited 5 for a free lock; #6 waited 70 for the
        // orphan's; #4 waited 2, #2 waited 1. From 300 to 310 is too short to be idle.
        #expect(
            try gaps([:]) == [
                "both 9000 20005 11005 11000 5 8 7", "hand-over 350 420 70 0 70 6 5",
                "hand-over 160 162 2 0 2 4 2", "hand-over 100 101 1 0 1 2 1",
            ])
        #expect(
            try gaps(["idle": LedgerFixture.length(10), "hand_over": LedgerFixture.length(3600)])
                == ["idle 9000 20005 11005 11000 5 8 7", "idle 300 310 10 10 0 5 4"])
        #expect(
            try gaps(["since": LedgerFixture.at(200), "until": LedgerFixture.at(430)])
                == ["hand-over 350 420 70 0 70 6 5"])
    }

    @Test func `gaps: the time since the newest deployment has no end yet`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(
            asked: LedgerFixture.longAgo, wait: 0, held: 10, .exit(0), Facts(lock: "/a"))
        #expect(
            try ledger.ask(
                "gaps", show: "kind to_us number previous_number", clock: ["gap_us", "idle_us"])
                == ["idle - - 1"])
    }
}
