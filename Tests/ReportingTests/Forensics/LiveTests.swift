import Ledger
import Queries
import SQLite
import TestSupport
import Testing

/// What is live, what ran at once, and what failed.
@Suite("Forensics: live, parallel and failures")
struct LiveTests {
    private typealias Facts = LedgerFixture.Facts

    /// Two locks of one machine and one of another; seconds.
    ///
    ///     /a #1 aaa1   0 ██ 10 succeeded
    ///     /a #2 bbb2  20 ██ 40 failed
    ///     /a #3 ccc3  50 ████ 90 succeeded
    ///     /a #4 ddd4 100 █████████ runs, lost to the clock of the test
    ///     /b #1       30 ███████ 60 failed
    ///     /c #1 eee5  55 ██ 70 succeeded, on build2
    private static func ledger() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        func facts(_ lock: String, _ sha: String?, _ actor: String = "ann") -> Facts {
            Facts(lock: lock, actor: actor, sha: sha)
        }
        try ledger.add(asked: 0, wait: 0, held: 10, .exit(0), facts("/a", "aaa1"))
        var failed = facts("/a", "bbb2", "bob")
        failed.message = "try the new cache"
        try ledger.add(asked: 20, wait: 0, held: 20, .exit(3), failed)
        try ledger.add(asked: 50, wait: 0, held: 40, .exit(0), facts("/a", "ccc3"))
        try ledger.add(asked: 100, wait: 0, held: 1, .none, facts("/a", "ddd4"))
        try ledger.add(asked: 30, wait: 0, held: 30, .signal(9), facts("/b", nil))
        var elsewhere = facts("/c", "eee5")
        elsewhere.host = "build2"
        try ledger.add(asked: 55, wait: 0, held: 15, .exit(0), elsewhere)
        return ledger
    }

    private func run(
        _ id: Int, _ seconds: ClosedRange<Double>, _ outcome: Outcome, workflow: String,
        sha: String
    ) -> EventEnvelope {
        let start = LedgerFixture.instant(seconds.lowerBound).microseconds
        let end = LedgerFixture.instant(seconds.upperBound).microseconds
        var run = ImportedRun(
            .init(host: "github.com", run: Int64(id), attempt: 1, createdAtUs: start),
            host: "github.com", endedAtUs: end, ranUs: end - start, outcome: outcome)
        run.runURL = "https://github.com/o/n/actions/runs/\(id)"
        run.workflow = workflow
        run.sha = sha
        return run.event()
    }

    @Test func `live: the newest success of each lock at a time, and what came after it`() throws {
        let ledger = try Self.ledger()
        let show = "lock sha what number ended_at_us live_us unsuccessful under_way"
        func live(_ at: Double, _ lock: Value = .null) throws -> [String] {
            try ledger.ask("live", ["at": LedgerFixture.at(at), "lock": lock], show: show)
        }
        #expect(try live(-1).isEmpty)
        #expect(try live(5) == ["/a - nothing - - - 0 1"])
        // The end itself counts.
        #expect(try live(10) == ["/a aaa1 deployment 1 10 0 0 -"])
        #expect(
            try live(45) == ["/a aaa1 deployment 1 10 35 1 -", "/b - nothing - - - 0 1"])
        #expect(
            try live(200) == [
                "/a ccc3 deployment 3 90 110 0 4", "/b - nothing - - - 1 -",
                "/c eee5 deployment 1 70 130 0 -",
            ])
        #expect(try live(89, "/a") == ["/a aaa1 deployment 1 10 79 1 3"])
        // Now, without a time.
        #expect(
            try ledger.ask("live", show: "lock sha number", clock: ["live_us"])
                == ["/a ccc3 3", "/b - -", "/c eee5 1"])
    }

    @Test func `live: what names no commit leaves the one before it live`() throws {
        let ledger = try LedgerFixture()
        func add(_ start: Double, _ end: LedgerFixture.End, _ sha: String?) throws {
            try ledger.add(
                asked: start, wait: 0, held: 5, end, Facts(lock: "/a", actor: "ann", sha: sha))
        }
        try add(0, .exit(0), nil)
        func live(_ at: Double) throws -> [String] {
            try ledger.ask(
                "live", ["at": LedgerFixture.at(at)], show: "sha what number live_us unsuccessful")
        }
        #expect(try live(10) == ["- deployment 1 5 0"])
        try add(20, .exit(0), "aaa1")
        try add(30, .exit(1), "bbb2")
        try add(40, .exit(0), nil)
        #expect(try live(50) == ["aaa1 deployment 2 25 1"])
        let suspects = try ledger.ask(
            "last-good-before", ["at": LedgerFixture.at(50)], show: "role number")
        #expect(suspects == ["last good 2", "after it 3", "after it 4"])
    }

    @Test func `live: imported runs are shown as such, by workflow, unless a deployment was part`()
        throws
    {
        let ledger = try Self.ledger()
        try ledger.record([
            run(1, 100...110, .succeeded, workflow: "deploy", sha: "fff6"),
            run(2, 120...130, .succeeded, workflow: "deploy", sha: "fff7"),
            run(3, 140...150, .failed, workflow: "deploy", sha: "fff8"),
            run(4, 125...135, .succeeded, workflow: "pages", sha: "fff7"),
            run(5, 300...310, .succeeded, workflow: "wrapped", sha: "abc9"),
        ])
        var part = Facts(lock: "/d", sha: "abc9")
        part.runURL = "https://github.com/o/n/actions/runs/5/attempts/1"
        try ledger.add(asked: 305, wait: 0, held: 2, .exit(0), part)
        let show = "lock sha what number workflow live_us"
        func live(_ at: Double, _ lock: Value = .null) throws -> [String] {
            try ledger.ask("live", ["at": LedgerFixture.at(at), "lock": lock], show: show)
                .filter { !$0.hasPrefix("/a ") && !$0.hasPrefix("/b ") && !$0.hasPrefix("/c ") }
        }
        #expect(try live(115) == ["- fff6 CI run - deploy 5"])
        #expect(try live(200) == ["- fff7 CI run - deploy 70", "- fff7 CI run - pages 65"])
        #expect(
            try live(400) == [
                "/d abc9 deployment 1 - 93", "- fff7 CI run - deploy 270",
                "- fff7 CI run - pages 265",
            ])
        #expect(try live(400, "/d") == ["/d abc9 deployment 1 - 93"])
    }

    @Test func `parallel: pairs under different locks of one machine, and how long both ran`()
        throws
    {
        let ledger = try Self.ledger()
        let show = "number lock other_number other_lock from_us to_us both_us other_outcome"
        func parallel(_ values: [String: Value] = [:]) throws -> [String] {
            try ledger.ask("parallel", values, show: show)
        }
        // /b #1 ran from 30 to 60: with /a #2 until 40, and with /a #3 from 50 on. /c is elsewhere.
        let pairs = ["3 /a 1 /b 50 60 10 failed", "1 /b 2 /a 30 40 10 failed"]
        #expect(try parallel() == pairs)
        #expect(try parallel(["host": "build1"]) == pairs)
        #expect(try parallel(["host": "build2"]).isEmpty)
        // Those that reach into the window count, those that only touch it do not.
        #expect(try parallel(["since": LedgerFixture.at(40)]) == [pairs[0]])
        #expect(try parallel(["since": LedgerFixture.at(39)]) == pairs)
        #expect(try parallel(["until": LedgerFixture.at(50)]) == [pairs[1]])
        #expect(
            try parallel(["since": LedgerFixture.at(55), "until": LedgerFixture.at(56)])
                == [pairs[0]])
    }

    @Test func `parallel: both still run; two that began at once; one left running by force`()
        throws
    {
        let ledger = try LedgerFixture()
        let long = LedgerFixture.longAgo
        try ledger.add(asked: long, wait: 0, held: 1, .none, Facts(lock: "/a"))
        try ledger.add(asked: long, wait: 0, held: 1, .none, Facts(lock: "/b"))
        #expect(
            try ledger.ask(
                "parallel", show: "number lock other_lock to_us outcome other_outcome",
                clock: ["both_us"]) == ["1 /b /a - running running"])
        // /c #1 was abandoned at 10 and ran until 100; /c #2 ended at 30; /d #1 began at 50.
        let other = try LedgerFixture()
        let left = try other.add(asked: 0, wait: 0, held: 0, .none, Facts(lock: "/c"))
        try other.force(left, 1, at: 10, by: "bob")
        try other.force(left, 1, at: 11, by: "bob", result: "abandoned", decides: true)
        try other.add(asked: 12, wait: 0, held: 18, .exit(0), Facts(lock: "/c"))
        try other.force(left, 1, at: 100, by: "bob", result: "ended", held: 100)
        try other.add(asked: 50, wait: 0, held: 10, .exit(0), Facts(lock: "/d"))
        #expect(
            try other.ask("parallel", show: "number lock other_number other_lock from_us to_us")
                == ["1 /d 1 /c 50 60"])
        // The abandoned one ended on top of /c #2.
        func live(_ at: Double) throws -> [String] {
            try other.ask(
                "live", ["at": LedgerFixture.at(at), "lock": "/c"], show: "number unsuccessful")
        }
        #expect(try live(99) == ["2 0"])
        #expect(try live(100) == ["2 1"])
    }

    @Test func `failures: who, which commit, why, what they had said, and the next success`() throws
    {
        let ledger = try Self.ledger()
        let show =
            "number lock ended_at_us actor sha failure exit_code signal message next_number "
            + "next_sha next_at_us until_us"
        #expect(
            try ledger.ask("failures", show: show) == [
                "1 /b 60 ann - signal - 9 - - - - -",
                "2 /a 40 bob bbb2 command 3 - try the new cache 3 ccc3 90 50",
            ])
        #expect(
            try ledger.ask("failures", ["since": LedgerFixture.at(41)], show: "number") == ["1"])
        #expect(
            try ledger.ask("failures", ["until": LedgerFixture.at(60)], show: "number") == ["2"])
        #expect(try ledger.ask("failures", ["lock": "/c"], show: "number").isEmpty)
        try ledger.add(
            asked: 200, wait: 0, held: 5, .exit(124), Facts(lock: "/c"), extra: .overran)
        try ledger.add(asked: 210, wait: 0, held: 5, .died(foundAt: 300), Facts(lock: "/c"))
        #expect(
            try ledger.ask("failures", ["lock": "/c"], show: "number failure next_number")
                == ["3 orphaned -", "2 overran -"])
    }
}
