import Ledger
import Reporting
import SQLite
import Testing

/// Questions about locks that were freed by force and what people did.
@Suite("Forensics: force and people")
struct ForensicsForceTests {
    private typealias Facts = LedgerFixture.Facts

    /// Having the lock is `█`, running without it `▒`, waiting `·`, the forced unlock `╳`; seconds.
    ///
    ///     #1 ann    0 ██████╳█ 63          carol forces at 60; TERM, the wrapper releases at 63
    ///     #2 bob     10 ······ 63 ███ 100
    ///     #3 dave                    200 ████╳▒▒▒ 300        erin abandons at 260, it ends at 300
    ///     #4 fay                      210 ·· 261 █████ 361
    ///     #5 gil                                       500 ██╳▒▒▒▒▒  erin abandons at 550, no end
    ///     #6 hal                                        510 ·· 551 █ 600
    ///     #7 ivy    650 ████ 800           mallory is not permitted to at 700
    ///     #8 kim    850 █ dies             zed clears what is left at 900
    ///     stranger                         carol ends it at 1000; sets out for another one at 1100
    private static func ledger() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        let one = try ledger.add(asked: 0, wait: 0, held: 0, .none, Facts(lock: "/a"))
        try ledger.add(asked: 10, wait: 53, held: 37, .exit(0), Facts(lock: "/a", actor: "bob"))
        try ledger.force(one, 1, at: 60, by: "carol", decides: true, held: 60)
        try ledger.tell(.released, one, 1, at: 63) { event in
            event.signal = 15
            event.heldUs = 63_000_000
        }
        // Written down when the next one was seen to have the lock.
        try ledger.force(one, 1, at: 65, by: "carol", result: "terminated", held: 63, next: 2)

        let three = try ledger.add(
            asked: 200, wait: 0, held: 0, .none, Facts(lock: "/a", actor: "dave"))
        try ledger.add(asked: 210, wait: 51, held: 100, .exit(0), Facts(lock: "/a", actor: "fay"))
        try ledger.force(three, 3, at: 260, by: "erin", decides: true, held: 60)
        try ledger.force(three, 3, at: 262, by: "erin", result: "abandoned", next: 4)
        try ledger.force(three, 3, at: 300, by: "erin", result: "ended", held: 100)

        let five = try ledger.add(
            asked: 500, wait: 0, held: 0, .none, Facts(lock: "/a", actor: "gil"))
        try ledger.add(asked: 510, wait: 41, held: 49, .exit(0), Facts(lock: "/a", actor: "hal"))
        try ledger.force(five, 5, at: 550, by: "erin", pid: 901, decides: true, held: 50)
        try ledger.force(five, 5, at: 551, by: "erin", pid: 901, result: "abandoned", next: 6)

        let seven = try ledger.add(
            asked: 650, wait: 0, held: 150, .exit(0), Facts(lock: "/a", actor: "ivy"))
        try ledger.force(seven, 7, at: 700, by: "mallory", result: "not_permitted")

        let eight = try ledger.add(
            asked: 850, wait: 0, held: 0, .none, Facts(lock: "/a", actor: "kim"))
        try ledger.force(
            eight, 8, at: 900, by: "zed", victim: "dead_orphan", result: "gone", decides: true,
            held: 50)

        try ledger.force(nil, nil, at: 1000, by: "carol", pid: 902, victim: "stranger")
        try ledger.force(
            nil, nil, at: 1002, by: "carol", pid: 902, victim: "stranger", result: "killed")
        try ledger.force(nil, nil, at: 1100, by: "carol", pid: 903, victim: "stranger")
        return ledger
    }

    @Test func `forced-unlocks: who, why, what it interrupted, what came of it and who was next`()
        throws
    {
        let ledger = try Self.ledger()
        let rows = try ledger.ask(
            "forced-unlocks",
            show: "at_us number forced_by source client reason victim alive victim_actor ran_us "
                + "result ended_at_us ran_on_us signal outcome reported reported_at_us next_number")
        #expect(
            rows == [
                "1100 - carol ssh 10.0.0.9 hangs stranger unknown - - - - - - - - - -",
                "1000 - carol ssh 10.0.0.9 hangs stranger unknown - - killed - - - - - - -",
                "900 8 zed ssh 10.0.0.9 hangs dead_orphan nothing kim 50 gone 900 0 - "
                    + "force_unlocked - - -",
                "700 7 mallory ssh 10.0.0.9 hangs holder all ivy 50 not_permitted 800 - - "
                    + "succeeded - - -",
                "550 5 erin ssh 10.0.0.9 hangs holder all gil 50 abandoned - - - force_unlocked "
                    + "- - 6",
                "260 3 erin ssh 10.0.0.9 hangs holder all dave 60 abandoned, ended 300 40 - "
                    + "force_unlocked - - 4",
                "60 1 carol ssh 10.0.0.9 hangs holder all ann 60 terminated 63 3 15 "
                    + "force_unlocked released 63 2",
            ])
        #expect(
            try ledger.ask(
                "forced-unlocks",
                [
                    "since": LedgerFixture.at(260), "until": LedgerFixture.at(550), "lock": "/a",
                ], show: "number next_at_us next_actor waiting forced_as")
                == ["3 261 fay 1 root"])
        #expect(try ledger.ask("forced-unlocks", ["lock": "/b"], show: "number").isEmpty)
    }

    @Test func `double-holders: only those that were abandoned, and the reason says so`() throws {
        let ledger = try Self.ledger()
        let show = "number other_number why from_us to_us both_us actor other_actor"
        #expect(
            try ledger.ask("double-holders", show: show) == [
                "6 5 abandoned 551 600 49 hal gil", "4 3 abandoned 261 300 39 fay dave",
            ])
        #expect(
            try ledger.ask(
                "double-holders",
                ["since": LedgerFixture.at(261), "until": LedgerFixture.at(551)], show: "number")
                == ["4"])
        // Just after the forced unlock the next one is the only holder.
        #expect(
            try ledger.ask("holder-at", ["at": LedgerFixture.at(64)], show: "role number")
                == ["holder 2"])
        #expect(
            try ledger.ask("holder-at", ["at": LedgerFixture.at(270)], show: "role number")
                == ["holder 3", "holder 4"])
        #expect(
            try ledger.ask("queue-at", ["at": LedgerFixture.at(64)], show: "role number")
                == ["holder 2"])
    }

    /// Every lock has two that overlap, each for another reason.
    ///
    ///     /b #1 0 ████████ 100      both ended by themselves
    ///     /b #2   50 █████████ 150
    ///     /c #1 0 █████████████…    no end in the ledger
    ///     /c #2   50 ██ 60
    ///     /d #1 0 █ 7300            longer than an hour
    ///     /d #2   5000 █ 5010
    ///     /e #1 100 ██ 200          200 by the wall clock was 140 by the monotonic one
    ///     /e #2   150 █ 160
    @Test func `double-holders: each kind of overlap has its reason, another machine has none`()
        throws
    {
        let ledger = try LedgerFixture()
        for (lock, first, second) in [
            ("/b", (0.0, 100.0), (50.0, 100.0)), ("/d", (0, 7300), (5000, 10)),
        ] {
            try ledger.add(asked: first.0, wait: 0, held: first.1, .exit(0), Facts(lock: lock))
            try ledger.add(asked: second.0, wait: 0, held: second.1, .exit(0), Facts(lock: lock))
        }
        try ledger.add(asked: 0, wait: 0, held: 0, .none, Facts(lock: "/c"))
        try ledger.add(asked: 50, wait: 0, held: 10, .exit(0), Facts(lock: "/c"))
        let early = try ledger.add(asked: 100, wait: 0, held: 0, .none, Facts(lock: "/e"))
        try ledger.tell(.released, early, 1, at: 200, lock: "/e", mono: 140) { event in
            event.heldUs = 40_000_000
            event.exitCode = 0
            event.outcome = .succeeded
        }
        try ledger.add(asked: 150, wait: 0, held: 10, .exit(0), Facts(lock: "/e"))
        try ledger.add(asked: 0, wait: 0, held: 10, .exit(0), Facts(lock: "/f"))
        try ledger.add(asked: 5, wait: 0, held: 10, .exit(0), Facts(lock: "/f", host: "build2"))
        let show = "lock number other_number why from_us to_us both_us"
        let all = try ledger.ask("double-holders", show: show)
        #expect(
            Set(all) == [
                "/b 2 1 unexplained 50 100 50", "/c 2 1 no end 50 60 10",
                "/d 2 1 unexplained 5000 5010 10", "/e 2 1 clock 150 160 10",
            ])
        #expect(
            try ledger.ask("double-holders", ["since": LedgerFixture.at(4000)], show: show)
                == ["/d 2 1 unexplained 5000 5010 10"])
        #expect(
            try ledger.ask(
                "double-holders", ["since": LedgerFixture.at(30), "lock": "/b"], show: show)
                == ["/b 2 1 unexplained 50 100 50"])
    }

    @Test func `double-holders: none where all ran in turn`() throws {
        let ledger = try LedgerFixture()
        for start in [0.0, 10, 20] {
            try ledger.add(asked: start, wait: 0, held: 10, .exit(0), Facts(lock: "/a"))
        }
        #expect(try ledger.ask("double-holders", show: "number").isEmpty)
    }

    @Test func `actor: deployments and forced unlocks of a person, by whichever name`() throws {
        let ledger = try Self.ledger()
        // olga logged in, became root and asked as deploy.
        let changed = EventID.generate()
        try ledger.tell(.requested, changed, 9, at: 1200) { event in
            event.login = "olga"
            event.sudoUser = "root"
            event.actor = "root"
            event.source = "ssh"
            event.sha = "abc"
        }
        let show = "at_us did number outcome reason victim_actor actor user login source"
        #expect(
            try ledger.ask("actor", ["who": "carol"], show: show) == [
                "1100 forced - - hangs - carol root carol ssh",
                "1000 forced - - hangs - carol root carol ssh",
                "60 forced 1 force_unlocked hangs ann carol root carol ssh",
            ])
        #expect(
            try ledger.ask("actor", ["who": "ivy"], show: show)
                == ["650 deployed 7 succeeded - - ivy deploy - ssh"])
        for name in ["olga", "root"] {
            #expect(
                try ledger.ask(
                    "actor", ["who": .text(name), "since": LedgerFixture.at(1101)], show: show)
                    == ["1200 deployed 9 waiting - - root deploy olga ssh"], "\(name)")
        }
        let all = try ledger.ask("actor", ["who": "deploy"], show: "number")
        #expect(all == ["9", "8", "7", "6", "5", "4", "3", "2", "1"])
        #expect(
            try ledger.ask(
                "actor",
                [
                    "who": "deploy", "since": LedgerFixture.at(200), "until": LedgerFixture.at(650),
                    "limit": 3,
                ], show: "number") == ["6", "5", "4"])
        #expect(
            try ledger.ask("actor", ["who": "deploy", "lock": "/b"], show: "number").isEmpty)
        #expect(try ledger.ask("actor", ["who": "nobody"], show: "number").isEmpty)
    }
}
