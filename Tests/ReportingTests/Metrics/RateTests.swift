import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import Testing

@Suite("Rates and counts")
struct RateTests {
    @Test func `a rate just below its target does not look as if it had reached it`() throws {
        let ledger = try LedgerFixture()
        try ledger.together {
            for index in 0..<250 {
                let isSkipped = index % 10 == 0 && index > 0
                try ledger.add(
                    asked: Double(index), wait: 0, held: isSkipped ? nil : 0,
                    isSkipped ? .skipped : .exit(0))
            }
            try ledger.add(asked: 250, wait: 0, held: 0, .exit(0))
        }
        // 25 of 252: 9.92 %.
        try ledger.add(asked: 260, wait: 0, .skipped)
        let report = try ledger.report()
        #expect(try report.metric(.skipRate).numerator == 25)
        #expect(try report.metric(.skipRate).denominator == 252)
        let text = MetricsText().render(report)
        #expect(text.contains(/Skip rate +PASS +9.9 % +< 10 %/))
        try ledger.add(asked: 270, wait: 0, .skipped)
        try ledger.together {
            for index in 0..<8 {
                try ledger.add(asked: 280 + Double(index), wait: 0, held: 0, .exit(0))
            }
        }
        // 26 of 261: 9.96 %.
        #expect(
            MetricsText().render(try ledger.report()).contains(/Skip rate +PASS +>9.9 % +< 10 %/))
    }

    @Test func `one of ten skipped misses the target, one of eleven does not`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, .skipped)
        for _ in 0..<9 { try ledger.add(asked: 0, wait: 0, held: 1, .exit(0)) }
        let ten = try ledger.report().metric(.skipRate)
        #expect(ten.numerator == 1)
        #expect(ten.denominator == 10)
        #expect(ten.value == .ratio(0.1))
        #expect(ten.status == .fail)

        try ledger.add(asked: 0, wait: 5, .timeout)
        let eleven = try ledger.report().metric(.skipRate)
        #expect(eleven.denominator == 11)
        #expect(eleven.status == .pass)
    }

    @Test func `skipped, superseded and refused are distinguished, and so are their reasons`()
        throws
    {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, .skipped)
        try ledger.add(asked: 0, wait: 0, .left(.skipped, .skipped, reason: "frozen"))
        try ledger.add(asked: 0, wait: 9, .superseded)
        try ledger.add(asked: 0, wait: 0, .refused)
        try ledger.add(asked: 0, wait: 0, held: 3, .died(foundAt: 90))
        try ledger.add(asked: 0, wait: 0, .none)
        let metric = try ledger.report().metric(.skipRate)
        #expect(metric.numerator == 4)
        #expect(metric.denominator == 5)
        #expect(metric.detail("skipped") == .integer(2))
        #expect(metric.detail("superseded") == .integer(1))
        #expect(metric.detail("refused") == .integer(1))
        #expect(
            metric.detail("reasons")?.line
                == #"{"frozen":1,"max-queue":1,"newer":1,"no-wait":1}"#)
        #expect(
            metric.notes == [
                "2 skipped, 1 superseded, 1 refused "
                    + "(frozen: 1, max-queue: 1, newer: 1, no-wait: 1)"
            ])
    }

    @Test func `a batch that was delivered is no skip; one in flight is not judged yet`() throws {
        let ledger = try LedgerFixture()
        let (second, third, fourth) = (EventID.generate(), EventID.generate(), EventID.generate())
        // #1 and #2 step aside for #3, which succeeds; #4 for one that fails, #5 for one that runs.
        try ledger.add(asked: 0, wait: 9, .superseded(for: second))
        try ledger.add(asked: 1, wait: 9, .superseded(for: third), id: second)
        try ledger.add(asked: 2, wait: 20, held: 5, .exit(0), id: third)
        try ledger.add(asked: 30, wait: 943, .superseded(for: fourth))
        try ledger.add(asked: 31, wait: 950, held: 5, .exit(1), id: fourth)
        let running = EventID.generate()
        try ledger.add(asked: 40, wait: 5, .superseded(for: running))
        try ledger.add(asked: 41, wait: 5, held: 0, .none, id: running)
        try ledger.add(asked: 50, wait: 0, .left(.refused, .refused, reason: "unusable"))
        let report = try ledger.report()
        let metric = try report.metric(.skipRate)
        // Of those that ended: #3, #5, the two that were delivered, and the one that was not.
        #expect(metric.numerator == 1 && metric.denominator == 5)
        #expect(
            metric.notes == [
                "1 superseded (supersede: 1)", "2 of 4 superseded delivered later, 1 pending",
                "error: the lock could not be used 1 time; not in the rate",
            ])
        // Nor is their wait forgotten.
        #expect(
            try report.metric(.lockWaitTime).notes
                == ["4 superseded after up to 15m43s; in no figure"])
    }

    @Test func `failures are counted by reason`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 1, .exit(0))
        try ledger.add(asked: 1, wait: 0, held: 1, .exit(3))
        try ledger.add(asked: 2, wait: 0, held: 1, .signal(15))
        try ledger.add(asked: 3, wait: 0, held: 1, .signal(15), extra: .overran)
        try ledger.add(asked: 4, wait: 0, held: 1, .exit(0), lost: (at: 4.5, isLate: false))
        try ledger.add(asked: 5, wait: 0, held: 1, .died(foundAt: 9))
        try ledger.add(
            asked: 6, wait: 0, held: 1,
            .left(.forcedUnlock, .forceUnlocked, reason: "stuck"))
        try ledger.add(
            asked: 7, wait: 0, held: 0, .left(.released, .failed, reason: "command not found"))
        try ledger.add(asked: 8, wait: 5, .timeout)
        let metric = try ledger.report().metric(.successRate)
        #expect(metric.numerator == 2 && metric.denominator == 8)
        #expect(metric.status == .noTarget)
        #expect(
            metric.detail("reasons")?.line
                == #"{"command":1,"signal":1,"start":1,"overran":1,"force-unlocked":1,"orphaned":1}"#
        )
        #expect(
            metric.notes == [
                "6 of 8 failed: 1 by its command, 1 ended by a signal, 1 could not be started, "
                    + "1 ran too long, 1 force-unlocked, 1 orphaned"
            ])
    }

    @Test func `a commit counts from its first request to its first success`() throws {
        let ledger = try LedgerFixture()
        func facts(_ sha: String, by actor: String = "ann") -> LedgerFixture.Facts {
            LedgerFixture.Facts(actor: actor, sha: sha)
        }
        // aaa fails, is skipped, and succeeds after 300 s; again, it is delivered already.
        try ledger.add(asked: 0, wait: 0, held: 5, .exit(1), facts("aaa"))
        try ledger.add(asked: 10, wait: 0, .skipped, facts("aaa"))
        try ledger.add(asked: 290, wait: 0, held: 10, .exit(0), facts("aaa", by: "bob"))
        try ledger.add(asked: 400, wait: 0, held: 10, .exit(0), facts("aaa", by: "bob"))
        // bbb under another lock is another one, and not delivered; nor is ccc.
        var other = facts("aaa")
        other.lock = "/tmp/b.lock"
        try ledger.add(asked: 600, wait: 0, held: 5, .exit(1), other)
        try ledger.add(asked: 700, wait: 0, .skipped, facts("ccc"))
        try ledger.add(asked: 800, wait: 0, held: 5, .exit(0))
        let metric = try ledger.report().metric(.timeToDeliver)
        #expect(metric.n == 1)
        #expect(metric.max == .duration(300_000_000))
        #expect(
            metric.notes == [
                "2 commits not delivered yet, the oldest for 6m40s",
                "left out: 1 delivered before, 1 without a commit",
            ])
        // The window of the success decides, and the first request whom it is counted for.
        #expect(try ledger.report(since: 0, until: 300).metric(.timeToDeliver).n == 0)
        #expect(try ledger.report(since: 300, until: 301).metric(.timeToDeliver).n == 1)
        var bob = ReportFilter()
        bob.actors = ["bob"]
        #expect(try ledger.report(filter: bob).metric(.timeToDeliver).n == 0)
    }

    @Test func `a record of any time does not end the program`() throws {
        let ledger = try LedgerFixture()
        let id = EventID.generate()
        var requested = Event(.requested, atUs: .min + 8, monoUs: 0, host: "build1")
        requested.deployment = id
        requested.lock = "/tmp/a.lock"
        requested.sha = "abc"
        var released = Event(
            .released, atUs: LedgerFixture.instant(20).microseconds, monoUs: 0, host: "build1")
        released.deployment = id
        released.lock = "/tmp/a.lock"
        released.outcome = .succeeded
        try ledger.record([EventEnvelope(requested), EventEnvelope(released)])
        let metric = try ledger.report().metric(.timeToDeliver)
        #expect(metric.n == 1 && metric.max == .duration(.max))
        let connection = try ledger.reader().connection
        let report = try PeriodReport(
            connection,
            period: ReportPeriod(
                week: "2026-W38", zone: .utc, now: LedgerFixture.instant(1000)),
            filter: ReportFilter(), isDead: { _ in false })
        #expect(!PeriodText().render(report).isEmpty)
    }

    @Test func `an explanation, a query and the figure name one reason`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 3, wait: 0, held: 1, .signal(15), extra: .overran)
        let window = try Window(
            since: LedgerFixture.instant(0), until: LedgerFixture.instant(1000), zone: .utc)
        let connection = try ledger.reader().connection
        let explanation = try Explanation(
            .successRate, connection, window: window, filter: ReportFilter(),
            now: LedgerFixture.instant(1000), isDead: { _ in false })
        #expect(
            explanation.table.rows[0].map { $0.text(in: .utc) }.contains {
                $0.contains("(overran)")
            })
        let last = try LastDeployments(connection, window, tiers: [], sources: [])
        #expect("\(last)".contains("overran"))
        #expect(
            try ledger.report().metric(.successRate).detail("reasons")?.line == #"{"overran":1}"#)
    }

    @Test func `timeouts are measured against those that queued; skips do not dilute them`() throws
    {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 30, .timeout)
        try ledger.add(asked: 0, wait: 1, held: 1, .exit(3))
        try ledger.add(asked: 0, wait: 1, held: 0, .none)
        try ledger.add(asked: 0, wait: 2, .cancelled)
        for _ in 0..<5 { try ledger.add(asked: 0, wait: 0, .skipped) }
        try ledger.add(asked: 0, wait: 0, .refused)
        let metric = try ledger.report().metric(.timeoutRate)
        #expect(metric.numerator == 1)
        #expect(metric.denominator == 4)
        #expect(metric.value == .ratio(0.25))
        #expect(metric.status == .fail)
    }

    @Test func `commands that ran too long are counted on a line of their own`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 9, .signal(15), extra: .overran)
        try ledger.add(asked: 0, wait: 0, held: 9, .exit(0))
        try ledger.add(asked: 0, wait: 9, .cancelled)
        let metric = try ledger.report().metric(.timeoutRate)
        #expect(metric.numerator == 0)
        #expect(metric.status == .pass)
        #expect(
            metric.detail("ended_by_max_duration")?.line == #"{"numerator":1,"denominator":2}"#)
        #expect(metric.notes == ["commands ended because they ran too long: 1 of 2"])
    }

    @Test func `an orphan counts at its last sign of life, not when somebody noticed`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 10, wait: 0, held: 50, .died(foundAt: 5000))
        try ledger.add(asked: 10, wait: 0, held: 3000, .died(foundAt: 5000))
        try ledger.add(asked: 10, wait: 0, held: 20, .exit(0))
        let early = try ledger.report(since: 0, until: 100).metric(.orphanRate)
        #expect(early.value == .count(1))
        #expect(early.numerator == 1)
        #expect(early.denominator == 2)
        #expect(early.status == .fail)
        let late = try ledger.report(since: 4000, until: 6000).metric(.orphanRate)
        #expect(late.status == .noData)
    }

    @Test func `orphans of a day are given per seven days, too`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 50, .died(foundAt: 60))
        let metric = try ledger.report(since: 0, until: 86400).metric(.orphanRate)
        #expect(metric.value == .count(1))
        #expect(metric.detail("per_7_days") == .real(7))
    }

    @Test func `an empty window gives n/a everywhere: null and no_data, never zero or a pass`()
        throws
    {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 9000, wait: 1, held: 1, .exit(0))
        let report = try ledger.report()
        #expect(report.metrics.count == 9)
        for metric in report.metrics {
            #expect(metric.value == nil)
            #expect(metric.status == .noData)
            #expect(metric.n == 0)
            #expect(metric.json.line.contains(#""value":null,"#))
            #expect(metric.json.line.contains(#""status":"no_data","n":0"#))
        }
    }

    @Test func `deployments in flight are shown beside the rates and in none of them`() throws {
        let ledger = try LedgerFixture()
        let running = try ledger.add(asked: 0, wait: 1, held: 0, .none)
        try ledger.add(asked: 2, wait: 0, .none)
        let report = try ledger.report(dead: [running.description])
        #expect(try report.metric(.skipRate).n == 0)
        #expect(try report.metric(.orphanRate).n == 0)
        #expect(report.inFlight.deployments.map(\.isRunning) == [true, false])
        #expect(
            report.json.line.contains(
                #""in_flight":{"waiting":1,"running":1,"seen_dead":1,"deployments":["#))
    }

    @Test func `filters of one kind mean or, of different kinds and; a sha may be shortened`()
        throws
    {
        let ledger = try LedgerFixture()
        typealias Facts = LedgerFixture.Facts
        try ledger.add(asked: 0, wait: 0, held: 1, .exit(0), Facts(actor: "ann", sha: "abc123"))
        try ledger.add(asked: 0, wait: 0, held: 1, .exit(1), Facts(actor: "bob", sha: "abd999"))
        try ledger.add(asked: 0, wait: 0, held: 1, .exit(0), Facts(actor: "cid", source: "gha"))
        #expect(try ledger.ended { $0.actors = [] } == 3)
        #expect(try ledger.ended { $0.actors = ["ann", "bob"] } == 2)
        #expect(try ledger.ended { ($0.actors, $0.sources) = (["ann", "cid"], ["gha"]) } == 1)
        #expect(try ledger.ended { $0.shas = ["ab"] } == 2)
        #expect(try ledger.ended { $0.shas = ["abc", "abd9"] } == 2)
        #expect(try ledger.ended { $0.shas = ["abc1234"] } == 0)
        #expect(try ledger.ended { $0.outcomes = ["failed"] } == 1)
        #expect(try ledger.ended { $0.tiers = ["%"] } == 0)
        #expect(try ledger.ended { $0.locks = ["/tmp/a.lock"] } == 3)
        #expect(try ledger.ended { $0.actors = ["' OR 1=1 --"] } == 0)
    }
}

extension LedgerFixture {
    /// How many deployments ended, of those that a filter lets through.
    fileprivate func ended(_ change: (inout ReportFilter) -> Void) throws -> Int64 {
        var filter = ReportFilter()
        change(&filter)
        return try report(filter: filter).metric(.skipRate).n
    }
}
