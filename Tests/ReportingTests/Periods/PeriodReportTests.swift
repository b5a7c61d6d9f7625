import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import Testing

/// The numbers of `RichLedger`, worked out by hand.
@Suite("The report of a week")
struct PeriodReportTests {
    private func pair(_ report: PeriodReport, _ name: Metric.Name, tier: String? = nil) throws
        -> Comparison
    {
        try #require(
            report.comparisons.first {
                $0.current.name == name
                    && (tier == nil || $0.current.tier == tier)
            })
    }

    @Test func `waits: 0 ×5, 120, 300 (timed out), 490, 570 s; the week before 0 ×2, 10 ×5`() throws
    {
        let report = try RichLedger.report(RichLedger.make())
        let waits = try pair(report, .lockWaitTime)
        #expect(waits.current.n == 9)
        #expect(waits.current.p50 == seconds(0))
        #expect(waits.current.value == seconds(570))
        #expect(waits.current.status == .fail)
        #expect(waits.current.detail("censored") == .integer(1))
        #expect(waits.previous?.value == seconds(10))
        #expect(waits.previous?.n == 7)
        #expect(waits.change == .relative(56))
    }

    @Test func `durations: lightning 30, 200, 240 s after 200 ×5; docker 400, 550 s after 500 ×2`()
        throws
    {
        let report = try RichLedger.report(RichLedger.make())
        let lightning = try pair(report, .deploymentDuration, tier: "lightning")
        #expect(lightning.current.n == 3)
        #expect(lightning.current.p50 == seconds(200))
        #expect(lightning.current.value == seconds(240))
        #expect(lightning.current.detail("below_lower_bound") == .integer(1))
        #expect(lightning.change.text == "+20 %")
        let docker = try pair(report, .deploymentDuration, tier: "docker")
        #expect(docker.current.p50 == seconds(400))
        #expect(docker.current.value == seconds(550))
        #expect(docker.change.text == "+10 %")
    }

    @Test func `rates: 3 of 12 skipped, 1 of 9 timed out, 1 of 8 orphaned; none the week before`()
        throws
    {
        let report = try RichLedger.report(RichLedger.make())
        let skips = try pair(report, .skipRate)
        #expect(skips.current.numerator == 3 && skips.current.denominator == 12)
        #expect(skips.previous?.numerator == 0 && skips.previous?.denominator == 7)
        #expect(skips.change == .points(25))
        let timeouts = try pair(report, .timeoutRate)
        #expect(timeouts.current.numerator == 1 && timeouts.current.denominator == 9)
        #expect(timeouts.change.text == "+11.1 pp")
        let orphans = try pair(report, .orphanRate)
        #expect(orphans.current.numerator == 1 && orphans.current.denominator == 8)
        #expect(orphans.change == .count(1))
        let queue = try pair(report, .queueLength)
        #expect(queue.current.value == .count(3) && queue.previous?.value == .count(1))
        #expect(queue.change.text == "+2")
    }

    @Test func `eight weeks: unknown before the ledger, a gap where nothing happened`() throws {
        let trend = try RichLedger.report(RichLedger.make()).trend
        #expect(trend.weeks.map(\.label) == (31...38).map { "2026-W\($0)" })
        #expect(trend.weeks.map(\.isKnown) == [false, false] + Array(repeating: true, count: 6))
        func values(_ name: Metric.Name, _ tier: String? = nil) -> [Quantity?] {
            trend.lines.first { $0.name == name && $0.tier == tier }?.figures.map(\.value) ?? []
        }
        #expect(
            values(.lockWaitTime)
                == [nil, nil, seconds(0), seconds(0), nil, seconds(0), seconds(10), seconds(570)])
        #expect(
            values(.deploymentDuration, "lightning")
                == [nil, nil, seconds(190), seconds(200), nil, nil, seconds(200), seconds(240)])
        #expect(
            values(.orphanRate)
                == [nil, nil, .count(0), .count(0), nil, .count(1), .count(0), .count(1)])
        #expect(
            values(.queueLength)
                == [nil, nil, .count(0), .count(0), nil, .count(0), .count(1), .count(3)])
    }

    @Test func `late events are still known`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 50_000, wait: 0, held: 60, .exit(0))
        // As an import from another ledger, or a spool, brings them.
        try ledger.add(asked: 50_000 - 2 * 604_800, wait: 0, held: 60, .exit(0))
        let report = try RichLedger.report(ledger)
        #expect(report.trend.weeks.map(\.isKnown) == (1...8).map { $0 > 5 })
        let earlier = try RichLedger.report(ledger, week: "2026-W36")
        #expect(earlier.breakdowns[0].rows.map { $0.counts?.total } == [1, 0, 0, 0, 0, 0, 0])
    }

    @Test func `a comparison says what is unknown of the time before`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 50_000, wait: 0, held: 60, .exit(0))
        let first = try RichLedger.report(ledger)
        #expect(
            PeriodText().render(first).contains(
                "\nBEFORE: 2026-09-07 00:00:00 to 2026-09-14 00:00:00 Europe/Berlin (7d), of which "
                    + "nothing is known\n"))
        try ledger.add(asked: 50_000 - 604_800, wait: 0, held: 60, .exit(0))
        let second = try ReportTemplate.markdown().render(RichLedger.report(ledger))
        #expect(second.contains(", of which nothing is known before 2026-09-07 15:53:20."))
    }

    @Test func `a row of several weeks is named after all of them`() throws {
        let ledger = try RichLedger.make()
        let zone = try Zone(named: "Europe/Berlin")
        let window = try Window(
            since: "2025-01-01", until: "2026-09-21", zone: zone, now: RichLedger.now)
        let report = try PeriodReport(
            ledger.reader().connection, period: ReportPeriod(window, now: RichLedger.now),
            filter: ReportFilter(), isDead: { _ in false })
        let names = report.breakdowns[0].rows.map(\.name)
        #expect(names.first == "2025-W01 to 2025-W04 (2025-01-01)")
        #expect(names.dropFirst().first == "2025-W05 to 2025-W08 (2025-01-27)")
        #expect(names.last == "2026-W37 to 2026-W38 (2026-09-07)")
    }

    @Test func `findings come in sentences, failures first`() throws {
        let report = try RichLedger.report(RichLedger.make())
        #expect(
            report.attention == [
                "3 of 8 deployments failed: #20 (orphaned), #19 (force-unlocked), "
                    + "#18 (exit code 1)",
                "Lock wait time misses its target: max 9m30s, target < 5m (n = 9)",
                "Queue length misses its target: max 3, target < 3 (n = 9)",
                "Skip rate misses its target: 25 %, target < 10 % (3 of 12)",
                "Timeout rate misses its target: 11.1 %, target 0 % (1 of 9)",
                "Orphans miss their target: 1, target 0 (1 of 8)",
                "1 forced unlock: of #19 (ann) by deploy, 2026-09-16 11:11:40 +02:00, after 11m40s: "
                    + "hangs | on <pull>",
                "1 commit was skipped and no later success can contain it: cccccccccc",
            ])
    }

    @Test func `a list that is cut says how much it cuts`() throws {
        let report = try RichLedger.report(RichLedger.make(), limit: 1)
        let slowest = try #require(report.lists.first { $0.key == "slowest" })
        #expect(slowest.total == 8 && slowest.omitted == 7)
        #expect(PeriodText().render(report).contains("1 of 8 shown; --limit shows more\n"))
        let markdown = try ReportTemplate.markdown()
        #expect(markdown.render(report).contains("1 of 8 shown, 7 omitted.\n"))
    }

    @Test func `a report that must fit shortens its lists, and says so, or is none`() throws {
        let report = try RichLedger.report(RichLedger.make())
        let template = try ReportTemplate.markdown()
        let whole = template.render(report)
        #expect(template.render(report, within: whole.utf8.count) == whole)
        let shorter = try #require(template.render(report, within: whole.utf8.count - 1))
        #expect(shorter.utf8.count < whole.utf8.count)
        #expect(shorter.contains("of 8 shown, "))
        #expect(template.render(report, within: 100) == nil)
    }

    @Test func `a commit without a branch is not delivered by another one without`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, .skipped, .init(sha: "aaaaaaaaaaaa"))
        try ledger.add(asked: 100, wait: 0, held: 60, .exit(0), .init(sha: "bbbbbbbbbbbb"))
        let report = try RichLedger.report(ledger)
        #expect(report.attention.contains { $0.hasSuffix("can contain it: aaaaaaaaaa") })
    }

    @Test func `a skipped commit is delivered by itself or by a newer one of its branch`() throws {
        let json = try RichLedger.report(RichLedger.make()).json.line
        #expect(json.contains(#""later_number":17,"later_at":"2026-09-15T09:06:40.000000Z""#))
        #expect(!json.contains(#""sha":"cccccccccccc","ref":"hotfix","later"#))
    }

    @Test func `a report works on an empty ledger and on one without deployments in the week`()
        throws
    {
        let ledger = try LedgerFixture()
        try ledger.record([])
        let report = try RichLedger.report(ledger)
        #expect(report.attention == ["The ledger has no deployments yet"])
        #expect(report.comparisons.allSatisfy { $0.change == .notAvailable })
        #expect(report.trend.weeks.allSatisfy { !$0.isKnown })
        for text in [
            PeriodText().render(report), try ReportTemplate.markdown().render(report),
            try ReportTemplate.html().render(report),
        ] {
            #expect(text.contains("The ledger has no deployments yet"))
            #expect(!text.contains("Nothing."))
            #expect(!text.contains("PASS"))
        }
        // One that begins later.
        try ledger.add(asked: 30 * 86_400, wait: 0, held: 1, .exit(0))
        let early = try RichLedger.report(ledger).attention
        #expect(early.count == 1)
        #expect(early[0].hasPrefix("This period is before the ledger, which begins at "))
        // One that began before, with nothing in the week.
        try ledger.add(asked: -90 * 86_400, wait: 0, held: 1, .exit(0))
        #expect(
            try RichLedger.report(ledger).attention
                == ["Nothing was measured: no deployment ended in this period"])
    }
}
