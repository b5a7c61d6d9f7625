import Ledger
import SQLite
import Testing

/// Questions about a moment or a stretch of time.
@Suite("Forensics: a moment")
struct ForensicsMomentTests {
    private typealias Facts = LedgerFixture.Facts

    /// Waiting is `·`, having the lock `█`; seconds.
    ///
    ///     /a #1 ann     0 ████████████ 100                                     succeeded
    ///     /a #2 bob      20 ·········· 100 ██████ 160                          failed
    ///     /a #3 carol      40 ············ 140                                 timed out
    ///     /a #4 dave         50 ················· 160 ████████ 400             succeeded
    ///     /a #5 erin                                             1000 ██ 1100  failed
    ///     /b #1 zoe       30 █████████████████████████████████████████ … 7330  succeeded
    private static func ledger() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 100, .exit(0), Facts(lock: "/a", ahead: 0))
        try ledger.add(asked: 20, wait: 80, held: 60, .exit(3), Facts(lock: "/a", actor: "bob"))
        try ledger.add(asked: 40, wait: 100, .timeout, Facts(lock: "/a", actor: "carol"))
        try ledger.add(asked: 50, wait: 110, held: 240, .exit(0), Facts(lock: "/a", actor: "dave"))
        try ledger.add(
            asked: 1000, wait: 0, held: 100, .exit(1), Facts(lock: "/a", actor: "erin"))
        try ledger.add(asked: 30, wait: 0, held: 7300, .exit(0), Facts(lock: "/b", actor: "zoe"))
        return ledger
    }

    @Test func `holder-at: the holder, or who before and who next; one longer than an hour`() throws
    {
        let ledger = try Self.ledger()
        func holder(_ at: Double, _ lock: Value = .null) throws -> [String] {
            try ledger.ask(
                "holder-at", ["at": LedgerFixture.at(at), "lock": lock],
                show: "role lock number actor acquired_at_us ended_at_us outcome distance_us")
        }
        #expect(
            try holder(50) == [
                "holder /a 1 ann 0 100 succeeded 50", "holder /b 1 zoe 30 7330 succeeded 20",
            ])
        // Half open: who gets it at that moment has it, who gives it back has not.
        #expect(try holder(100, "/a") == ["holder /a 2 bob 100 160 failed 0"])
        #expect(
            try holder(500, "/a") == [
                "previous /a 4 dave 160 400 succeeded 100", "next /a 5 erin 1000 1100 failed 500",
            ])
        #expect(try holder(2000, "/a") == ["previous /a 5 erin 1000 1100 failed 900"])
        #expect(try holder(-1, "/a") == ["next /a 1 ann 0 100 succeeded 1"])
        #expect(try holder(50, "/none").isEmpty)
    }

    @Test func `holder-at: a deployment in flight still has the lock`() throws {
        let ledger = try LedgerFixture()
        let long = LedgerFixture.longAgo
        try ledger.add(asked: long, wait: 5, held: 1, .none, Facts(lock: "/a"))
        #expect(
            try ledger.ask(
                "holder-at", ["at": LedgerFixture.at(0)],
                show: "role number ended_at_us outcome distance_us")
                == ["holder 1 - running 99999995"])
    }

    @Test func `queue-at: the holder at place 0, the waiters in the order of their numbers`() throws
    {
        let ledger = try Self.ledger()
        func queue(_ at: Double) throws -> [String] {
            try ledger.ask(
                "queue-at", ["at": LedgerFixture.at(at), "lock": "/a"],
                show: "place role number actor since_us so_far_us rest_us outcome")
        }
        #expect(
            try queue(60) == [
                "0 holder 1 ann 0 60 40 succeeded", "1 waiter 2 bob 20 40 40 failed",
                "2 waiter 3 carol 40 20 80 timed_out", "3 waiter 4 dave 50 10 100 succeeded",
            ])
        #expect(
            try queue(140) == [
                "0 holder 2 bob 100 40 20 failed", "1 waiter 4 dave 50 90 20 succeeded",
            ])
        #expect(try queue(160) == ["0 holder 4 dave 160 0 240 succeeded"])
        #expect(try queue(500).isEmpty)
    }

    @Test func `queue-at: one that waits longer than an hour, and one that still waits`() throws {
        let ledger = try LedgerFixture()
        let long = LedgerFixture.longAgo
        try ledger.add(asked: long, wait: 20_000, held: 10, .exit(0), Facts(lock: "/a"))
        try ledger.add(asked: long + 10, wait: 0, .none, Facts(lock: "/a", actor: "bob"))
        #expect(
            try ledger.ask(
                "queue-at", ["at": LedgerFixture.at(long + 100)],
                show: "place role number so_far_us rest_us outcome")
                == ["1 waiter 1 100 19900 succeeded", "2 waiter 2 90 - waiting"])
    }

    @Test func `overlap: everything under way in [A, B), and how much of it lies in there`() throws
    {
        let ledger = try Self.ledger()
        func overlap(_ since: Double, _ until: Double) throws -> [String] {
            try ledger.ask(
                "overlap",
                ["since": LedgerFixture.at(since), "until": LedgerFixture.at(until)],
                show: "lock number outcome waited_us had_lock_us")
        }
        // #2 has the lock for the first 10, #4 waits for them and then has it for 20.
        #expect(
            try overlap(150, 180) == [
                "/a 2 failed 0 10", "/b 1 succeeded 0 30", "/a 4 succeeded 10 20",
            ])
        // #1 ended where it begins, #4 waits through it, #3 as well.
        #expect(
            try overlap(100, 120) == [
                "/a 2 failed 0 20", "/b 1 succeeded 0 20", "/a 3 timed_out 20 0",
                "/a 4 succeeded 20 0",
            ])
        #expect(try overlap(400, 1000) == ["/b 1 succeeded 0 600"])
        #expect(try overlap(0, 1) == ["/a 1 succeeded 0 1"])
    }

    @Test func `overlap: a deployment in flight counts up to the end of the time`() throws {
        let ledger = try LedgerFixture()
        let long = LedgerFixture.longAgo
        try ledger.add(asked: long, wait: 5, held: 1, .none, Facts(lock: "/a"))
        try ledger.add(asked: long + 2, wait: 0, .none, Facts(lock: "/a"))
        let rows = try ledger.ask(
            "overlap", ["since": LedgerFixture.at(long), "until": LedgerFixture.at(long + 60)],
            show: "number outcome ended_at_us waited_us had_lock_us")
        #expect(rows == ["1 running - 5 55", "2 waiting - 58 0"])
    }

    @Test func `last-good-before: the last success of a lock and what came after it until then`()
        throws
    {
        let ledger = try Self.ledger()
        func good(_ at: Double) throws -> [String] {
            try ledger.ask(
                "last-good-before", ["at": LedgerFixture.at(at)],
                show: "role lock number outcome ended_at_us before_us")
        }
        #expect(
            try good(200) == [
                "last good /a 1 succeeded 100 100", "after it /a 2 failed 160 40",
                "under way /a 4 succeeded 400 -", "under way /b 1 succeeded 7330 -",
            ])
        #expect(
            try good(8000) == [
                "last good /a 4 succeeded 400 7600", "after it /a 5 failed 1100 6900",
                "last good /b 1 succeeded 7330 670",
            ])
        #expect(try good(-1).isEmpty)
    }
}
