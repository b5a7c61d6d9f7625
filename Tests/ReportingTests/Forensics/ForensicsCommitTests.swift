import Ledger
import DeploymentMetrics
import Queries
@testable import Reporting
import SQLite
import Testing

/// Questions about commits, lengths and contradictions.
@Suite("Forensics: commits and lengths")
struct ForensicsCommitTests {
    private typealias Facts = LedgerFixture.Facts

    /// The commits `aaa1`, `aab2` and `ccc3` on two locks; seconds.
    ///
    ///     /a #1 aaa1   0 ██ 10 failed
    ///     /a #2 aaa1  20 skipped
    ///     /a #3 aaa1  30 ██ 50 succeeded        reached production
    ///     /a #4 aaa1  60 ██ 70 succeeded        once more
    ///     /a #5 aab2  80 superseded             never delivered; #6 is next
    ///     /a #6 ccc3  85 ██ 95 succeeded
    ///     /a #7 aaa1 100 refused                delivered before
    ///     /a #8 ddd4 110 ██ 120 failed, #9 ddd4 130 ██ 140 failed
    ///     /b #1 aaa1   5 ██ 15 succeeded
    private static func ledger() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        func facts(_ sha: String?, _ actor: String = "ann") -> Facts {
            Facts(lock: "/a", tier: "docker", actor: actor, sha: sha)
        }
        try ledger.add(asked: 0, wait: 0, held: 10, .exit(1), facts("aaa1"))
        try ledger.add(asked: 20, wait: 0, .skipped, facts("aaa1"))
        try ledger.add(asked: 30, wait: 10, held: 10, .exit(0), facts("aaa1", "bob"))
        try ledger.add(asked: 60, wait: 0, held: 10, .exit(0), facts("aaa1"))
        try ledger.add(asked: 80, wait: 0, .superseded, facts("aab2"))
        try ledger.add(asked: 85, wait: 0, held: 10, .exit(0), facts("ccc3"))
        try ledger.add(asked: 100, wait: 0, .refused, facts("aaa1"))
        try ledger.add(asked: 110, wait: 0, held: 10, .exit(1), facts("ddd4"))
        try ledger.add(asked: 130, wait: 0, held: 10, .signal(9), facts("ddd4"))
        try ledger.add(asked: 5, wait: 0, held: 10, .exit(0), Facts(lock: "/b", sha: "aaa1"))
        return ledger
    }

    @Test func `commit: every attempt, and with which one it first reached production`() throws {
        let ledger = try Self.ledger()
        let show = "lock number outcome reached requested_at_us ended_at_us since_first_us"
        #expect(
            try ledger.ask("commit", ["sha": "aaa", "lock": "/a"], show: show) == [
                "/a 1 failed - 0 10 10", "/a 2 skipped - 20 20 20",
                "/a 3 succeeded first 30 50 50", "/a 4 succeeded again 60 70 70",
                "/a 7 refused - 100 100 100",
            ])
        #expect(
            try ledger.ask("commit", ["sha": "aa"], show: "lock number sha").filter {
                !$0.hasSuffix("aaa1")
            } == ["/a 5 aab2"])
        #expect(
            try ledger.ask("commit", ["sha": "aaa1", "lock": "/b"], show: show)
                == ["/b 1 succeeded first 5 15 10"])
        #expect(try ledger.ask("commit", ["sha": "aaa12"], show: show).isEmpty)
    }

    @Test func `commit: what became of the newer one, to the end of the chain, and what followed`()
        throws
    {
        // /e #1 f1 steps aside for #2 f2, that for #3 f3, which succeeds at 20; #4 f1 again at 40.
        // /e #5 f5 steps aside for #6 f6, which fails at 60; #7 f7 is skipped at 65; #8 f8 is good.
        let ledger = try LedgerFixture()
        func facts(_ sha: String) -> Facts { Facts(lock: "/e", sha: sha) }
        let (second, third, sixth) = (EventID.generate(), EventID.generate(), EventID.generate())
        func stepAside(
            _ sha: String, _ number: Int64, at seconds: Double, for cover: EventID,
            _ coverNumber: Int64, id: EventID = .generate()
        ) throws {
            try ledger.add(asked: seconds, wait: 1, .none, facts(sha), id: id)
            try ledger.tell(.superseded, id, number, at: seconds + 1, lock: "/e") { event in
                event.outcome = .superseded
                event.reason = "supersede"
                event.coveredBy = cover
                event.coveredByNumber = coverNumber
                event.waitUs = 1_000_000
            }
        }
        try stepAside("f1", 1, at: 0, for: second, 2)
        try stepAside("f2", 2, at: 2, for: third, 3, id: second)
        try ledger.add(asked: 5, wait: 5, held: 10, .exit(0), facts("f3"), id: third)
        try ledger.add(asked: 30, wait: 0, held: 10, .exit(0), facts("f1"))
        try stepAside("f5", 5, at: 45, for: sixth, 6)
        try ledger.add(asked: 47, wait: 3, held: 10, .exit(1), facts("f6"), id: sixth)
        try ledger.add(asked: 65, wait: 0, .skipped, facts("f7"))
        try ledger.add(asked: 70, wait: 0, held: 10, .exit(0), facts("f8"))
        func commit(_ sha: String) throws -> [String] {
            try ledger.ask(
                "commit", ["sha": .text(sha)],
                show: "number reached afterwards then_number then_outcome then_sha then_at_us")
        }
        #expect(
            try commit("f1") == [
                "1 covered superseded by 3 succeeded f3 20", "4 again - - - - -",
            ])
        #expect(try commit("f2") == ["2 covered superseded by 3 succeeded f3 20"])
        #expect(try commit("f3") == ["3 first - - - - -"])
        #expect(try commit("f5") == ["5 - superseded by 6 failed f6 60"])
        #expect(try commit("f6") == ["6 - followed by 8 succeeded f8 80"])
        #expect(try commit("f7") == ["7 - followed by 8 succeeded f8 80"])
        // One that stepped aside for a deployment of which the ledger has heard nothing.
        try stepAside("f9", 9, at: 90, for: .generate(), 10)
        #expect(try commit("f9") == ["9 - superseded by 10 - - -"])
    }

    @Test func `skips: why, and whether and when the commit was delivered anyway`() throws {
        let ledger = try Self.ledger()
        try ledger.add(asked: 200, wait: 0, .skipped, Facts(lock: "/a"))
        let show =
            "number at_us outcome reason delivered delivered_number delivered_at_us later_us "
            + "next_number next_sha next_at_us"
        #expect(
            try ledger.ask("skips", show: show) == [
                "10 200 skipped max-queue - - - - - - -",
                "7 100 refused no-wait before 4 70 - - - -",
                "5 80 superseded newer not - - - 6 ccc3 95",
                "2 20 skipped max-queue later 3 50 30 3 aaa1 50",
            ])
        #expect(
            try ledger.ask(
                "skips", ["since": LedgerFixture.at(80), "until": LedgerFixture.at(100)],
                show: "number") == ["5"])
    }

    @Test func `retries: attempts of a failed commit, and the time to its success`() throws {
        let ledger = try Self.ledger()
        let show =
            "number lock sha result attempts failed first_number first_failed_at_us "
            + "succeeded_at_us time_to_success_us actors"
        #expect(
            try ledger.ask("retries", show: show) == [
                "9 /a ddd4 gave up 2 2 8 120 - - ann", "3 /a aaa1 succeeded 2 1 1 10 50 40 ann,bob",
            ])
        #expect(
            try ledger.ask("retries", ["until": LedgerFixture.at(100)], show: "number") == ["3"])
    }

    @Test func `slow: over the tier's target, or several times its median, worst first`() throws {
        let ledger = try LedgerFixture()
        // Medians: docker 100 of 90, 100, 700; none 10 of 9, 10, 40. A failed one counts, too, but
        // not for the median. Targets: docker 600, lightning 300.
        for (tier, held, end) in [
            ("docker", 90, LedgerFixture.End.exit(0)), ("docker", 100, .exit(0)),
            ("docker", 700, .exit(0)), (nil, 9, .exit(0)), (nil, 10, .exit(0)), (nil, 40, .exit(0)),
            ("lightning", 301, .exit(1)), ("lightning", 300, .exit(0)),
        ] as [(String?, Double, LedgerFixture.End)] {
            try ledger.add(asked: 0, wait: 0, held: held, end, Facts(lock: "/a", tier: tier))
        }
        let show = "number tier held_us target_us median_us times_median why outcome"
        #expect(
            try ledger.ask("slow", show: show) == [
                "6 - 40 - 10 4 median succeeded", "3 docker 700 600 100 7 both succeeded",
                "7 lightning 301 300 300 1.003 target failed",
            ])
        #expect(try ledger.ask("slow", ["factor": 5.5], show: "number") == ["3", "7"])
        #expect(try ledger.ask("slow", ["limit": 1], show: "number") == ["6"])
        #expect(
            try ledger.ask("slow", ["since": LedgerFixture.at(301)], show: "number why")
                == ["3 target", "7 target"])
    }

    @Test func `slow: longer than the same command usually takes, whatever commit it deploys`()
        throws
    {
        let ledger = try LedgerFixture()
        // The backup takes 300, all others 10; a commit is no part of a command. Median of the tier:
        // 10, 10, 10, 45, 300, 300, 300 -> 45. 45 is no more than three times that, but 4.5 times what
        // the command takes; 300 is more than the tier's median and nothing unusual for the backup.
        func add(_ at: Double, _ held: Double, _ command: String, sha: String = "0123456") throws {
            var facts = Facts(lock: "/a", sha: sha)
            facts.command = [command, sha]
            try ledger.add(asked: at, wait: 0, held: held, .exit(0), facts)
        }
        for at in [0.0, 1000, 2000] {
            try add(at, 300, "backup")
            try add(at + 400, 10, "deploy", sha: "abcdef\(Int(at))")
        }
        try add(4000, 45, "deploy", sha: "abcdef9999")
        let show = "number held_us median_us usual_us times_usual why"
        #expect(
            try ledger.ask("slow", show: show) == [
                "5 300 45 300 1 median", "3 300 45 300 1 median", "1 300 45 300 1 median",
                "7 45 45 10 4.5 usual",
            ])
        // What is usual is known from the 30 days before, too.
        #expect(
            try ledger.ask("slow", ["since": LedgerFixture.at(3900)], show: show)
                == ["7 45 45 10 4.5 usual"])
        #expect(
            try ledger.ask(
                "slow", ["since": LedgerFixture.at(3900), "factor": 5], show: show
            ).isEmpty)
    }

    @Test func `slow: a running one counts with the time so far; targets are those of metrics`()
        throws
    {
        let ledger = try LedgerFixture()
        try ledger.add(
            asked: LedgerFixture.longAgo, wait: 0, held: 0, .none,
            Facts(lock: "/a", tier: "docker"))
        #expect(
            try ledger.ask("slow", show: "number target_us why outcome", clock: ["held_us"])
                == ["1 600 target running"])
        #expect(
            try ledger.ask("slow", ["until": LedgerFixture.at(0)], show: "number").isEmpty)
        let sql = try NamedQuery.named("slow").sql
        for bound in Targets.builtIn.durations {
            #expect(sql.contains("('\(bound.tier)', \(bound.upper))"))
        }
    }

    @Test func `timeline: events around a time, one sentence each, as in a deployment's story`()
        throws
    {
        let ledger = try LedgerFixture()
        let lengths = [
            0, 0.0005, 0.25, 3, 3.2, 9.99, 10, 59.9, 60, 252, 3600, 3900, 86_400, 183_600,
        ]
        let ends: [LedgerFixture.End] = [
            .exit(0), .exit(3), .signal(15), .signal(9), .died(foundAt: 200_000),
        ]
        for (index, length) in lengths.enumerated() {
            try ledger.add(
                asked: 0, wait: length, held: length, ends[index % ends.count],
                Facts(lock: "/a", ahead: Int64(index % 3)), extra: index == 3 ? .overran : nil)
        }
        for end in [.timeout, .cancelled, .skipped, .superseded, .refused] as [LedgerFixture.End] {
            try ledger.add(asked: 5, wait: 252, end, Facts(lock: "/a"))
        }
        let id = try ledger.add(asked: 5, wait: 9, held: 1, .none, Facts(lock: "/a"))
        for (victim, result) in [
            ("holder", nil), ("dead_orphan", "gone"), ("running_orphan", "gone"),
            ("holder", "terminated"), ("holder", "killed"), ("holder", "failed"),
            ("holder", "abandoned"), ("holder", "ended"), ("holder", "not_permitted"),
            ("holder", "something new"),
        ] {
            try ledger.force(id, 20, at: 50, by: "carol", victim: victim, result: result, next: 21)
        }
        try ledger.tell(.cancelled, id, 20, at: 60) { event in
            event.lastAliveUs = LedgerFixture.instant(55).microseconds
            event.recordedBy = id
        }
        try ledger.tell(.nested, id, 20, at: 61)
        for signal in [nil, 2] as [Int64?] {
            try ledger.tell(.nested, id, 20, at: 62) { event in
                event.heldUs = 3_200_000
                event.exitCode = signal == nil ? 4 : nil
                event.signal = signal
            }
        }
        try ledger.tell(.wrapperLost, id, 20, at: 65)
        try tellSteps(id, ledger)

        let connection = try ledger.reader().connection
        let events = try connection.prepare("SELECT seq, record FROM event").rows()
        let told = try ledger.ask(
            "timeline", ["around": LedgerFixture.at(0), "within": LedgerFixture.length(400_000)],
            show: "seq sentence")
        #expect(told.count == events.count)
        let sentences = try events.map { row in
            let text = try #require(row[1].text)
            return "\(row[0].integer ?? 0) "
                + EventSentence(event: RecordedEvent(text), detail: nil, zone: .utc).text
        }
        #expect(Set(told) == Set(sentences))
    }

    /// Checks, rollbacks, limits and freezes in all their forms.
    private func tellSteps(_ id: EventID, _ ledger: LedgerFixture) throws {
        let results = [
            "healthy", "unhealthy", "done", "failed", "timed_out", "not_run", "interrupted", "odd",
            nil,
        ]
        for (place, result) in results.enumerated() {
            for kind in [EventKind.healthChecked, .rolledBack] {
                try ledger.tell(kind, id, 20, at: 66) { event in
                    event.result = result
                    (event.attempt, event.attempts) = place == 1 ? (2, 3) : (nil, nil)
                    event.tookUs = place == 2 ? nil : 1_500_000
                    event.exitCode = place == 3 ? nil : 22
                    event.signal = place == 3 ? 9 : nil
                    event.failedStep = place == 4 ? nil : "health"
                    event.lastGoodNumber = place < 6 ? 7 : nil
                    event.lastGoodSha = place % 2 == 0 ? "0123456789abcdef" : nil
                }
            }
        }
        for reason in ["max-duration", "max-silence", "max-something", nil] {
            for limit in [nil, 900_000_000] as [Int64?] {
                try ledger.tell(.overran, id, 20, at: 67) {
                    ($0.reason, $0.limitUs, $0.heldUs) = (reason, limit, 5_000_000)
                }
            }
        }
        for (health, rollback) in [
            ("healthy", nil), ("unhealthy", "done"), ("unchecked", nil), (nil, "failed"),
            ("unhealthy", "timed_out"), ("odd", "odd"),
        ] {
            try ledger.tell(.released, id, 20, at: 68) { event in
                (event.heldUs, event.commandUs, event.exitCode) = (9_000_000, 4_000_000, 0)
                (event.health, event.rollback, event.reason) = (health, rollback, health)
            }
        }
        for kind in [EventKind.acquired, .timedOut, .refused, .cancelled, .superseded] {
            try ledger.tell(kind, id, 20, at: 69) { event in
                (event.waitUs, event.frozenUs) = (2_000_000, 3_600_000_000)
                event.overrode = ["a"]
                event.overrideReason = kind == .acquired ? "outage" : nil
                event.coveredByNumber = nil
            }
        }
        try ledger.tell(.frozen, nil, nil, at: 70) { $0.reason = "fair" }
        try ledger.tell(.frozen, nil, nil, at: 71) { event in
            event.freeze = event.id
            event.untilUs = LedgerFixture.instant(5000).microseconds
            event.actor = "ann"
        }
        try ledger.tell(.frozen, nil, nil, at: 72) { event in
            event.freeze = id
            event.untilUs = LedgerFixture.instant(6000).microseconds
        }
        try ledger.tell(.unfrozen, nil, nil, at: 73) { $0.reason = "over" }
    }

    @Test func `timeline: in the order of time, with gaps, half an hour each way by default`()
        throws
    {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 2000, wait: 1, held: 9, .exit(0), Facts(lock: "/a"))
        try ledger.add(asked: 1800, wait: 0, .timeout, Facts(lock: "/a", actor: "bob"))
        try ledger.add(asked: 1900, wait: 0, .skipped, Facts(lock: "/b", actor: "carol"))
        let show = "seq at_us gap_us kind number actor"
        let around: [String: Value] = ["around": LedgerFixture.at(200)]
        #expect(
            try ledger.ask("timeline", around, show: show)
                == [
                    "4 1800 - requested 2 bob", "5 1800 0 timed_out 2 bob",
                    "6 1900 100 requested 1 carol", "7 1900 0 skipped 1 carol",
                ])
        #expect(
            try ledger.ask(
                "timeline",
                [
                    "around": LedgerFixture.at(2005), "within": LedgerFixture.length(5),
                    "lock": "/a",
                ], show: "at_us kind") == ["2000 requested", "2001 acquired"])
    }
}
