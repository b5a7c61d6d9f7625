import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import SQLite
import Testing

@Suite("Orphans in every format")
struct OrphanFormatsTests {
    @Test func `the report lists orphans and says how they ended`() throws {
        let ledger = try OrphanLedger.make()
        let report = try OrphanLedger.report(ledger)
        let text = PeriodText().render(report)
        try GoldenFile("orphans-report.txt").compare(text, ledger)
        #expect(
            report.attention.prefix(2) == [
                "4 of 6 deployments failed: #5 (orphaned), #4 (orphaned), #3 (force-unlocked), "
                    + "#2 (signal)", "Orphans miss their target: 6, target 0 (6 of 7)",
            ])
        for page in [
            try ReportTemplate.markdown().render(report), try ReportTemplate.html().render(report),
        ] {
            #expect(page.contains("2026-09-14 00:01:40"))
            #expect(page.contains("it hangs"))
        }
        let list = try #require(report.lists.first { $0.key == "orphans" })
        #expect(list.total == 6)
        let json = report.json.line
        #expect(json.contains(#""at":"2026-09-14T00:01:40.000000Z","outcome":"succeeded""#))
    }

    @Test func `the orphan rate explains what each orphan counts as`() throws {
        let ledger = try OrphanLedger.make()
        for (week, name) in [("2026-W38", "orphans-explain"), ("2026-W39", "orphans-explain-next")]
        {
            let period = try ReportPeriod(week: week, zone: .utc, now: OrphanLedger.now)
            let explanation = try Explanation(
                .orphanRate, ledger.reader().connection, window: period.window,
                filter: ReportFilter(), now: OrphanLedger.now, isDead: { _ in false })
            let text =
                TextRenderer(zone: .utc).render(explanation.summary) + explanation.totals + "\n"
            try GoldenFile(name + ".txt").compare(text, ledger)
        }
    }

    @Test func `orphans are right in the six metrics, deployments and events`() throws {
        let ledger = try OrphanLedger.make()
        let metrics = try OrphanLedger.report(ledger).current
        try GoldenFile("orphans-metrics.txt").compare(MetricsText().render(metrics), ledger)
        let rate = try metrics.metric(.orphanRate).json.line
        #expect(rate.contains(#""value":6,"target":"#))
        #expect(rate.contains(#""numerator":6,"denominator":7"#))

        let connection = try ledger.reader().connection
        let window = try PartialWindow(since: nil, until: nil, zone: .utc, now: OrphanLedger.now)
        let list = try DeploymentList(
            connection, window: window, filter: ReportFilter(), limit: nil)
        let rows = list.table.objects.map(\.line)
        #expect(rows.count == 8)
        #expect(rows[7].contains(#""wrapper_lost_at":"2026-09-14T00:01:40.000000Z""#))
        #expect(!rows[2].contains("wrapper_lost_at"))

        let events = try EventList(connection, window: window, filter: ReportFilter())
        var text = ""
        while let row = try events.next(), row.seq <= 9 {
            text += row.line(in: .utc) + "\n"
            guard row.seq == 3 else { continue }
            #expect(row.json.line.contains(#""kind":"wrapper_lost","deployment":"#))
            #expect(row.json.line.contains(#""pid":4800,"#))
            #expect(!row.json.line.contains("outcome"))
        }
        try GoldenFile("orphans-events.txt").compare(text, ledger)
    }

    @Test func `orphans are counters for Prometheus and figures for Nagios`() throws {
        let ledger = try OrphanLedger.make()
        let exposition = try DeploymentExposition(
            ledger.reader().connection, locks: [], spool: (0, 0), version: "1",
            now: OrphanLedger.now)
        let text = exposition.text(.prometheus)
        #expect(text.contains("# TYPE deploy_orphans_total counter\ndeploy_orphans_total 7\n"))
        #expect(
            text.contains("deploy_finished_total{tier=\"docker\",outcome=\"orphaned\"} 2\n"))
        #expect(
            exposition.text(.openMetrics).contains(
                "# TYPE deploy_orphans counter\n# HELP deploy_orphans Deployments that"))
        let report = AlertReport(
            AlertFacts(
                AlertFacts.Recorded(
                    metrics: try ledger.report(until: 604_800),
                    verification: .init(problems: [], scope: "all events")),
                locks: [], spool: (0, 0)),
            rules: AlertRules())
        #expect(report.pluginText.contains(" orphans=6"))
        #expect(report.pluginText.contains(" running_orphans=1"))
    }

    @Test(
        arguments: [
            (1, "the command then succeeded after 5m."),
            (2, "the command was then ended by signal KILL after 1m."),
            (3, "the lock was then freed by force."),
            (4, "its keeper died, too, so how the command ended is unknown."),
            (7, "the command then failed with exit code 3 after 3m20s."),
            (8, "its keeper, pid 4800, waits for the command and will record the end."),
        ]
    )
    func `an orphan's story says what became of it`(number: Int, end: String) throws {
        let text = try story(OrphanLedger.make(), number)
        #expect(text.hasSuffix("\n\nIts wrapper was killed while the command ran; \(end)\n"))
        #expect(
            text.contains("The wrapper was lost (killed); its keeper, pid 4800, continues.\n"))
    }

    @Test(arguments: [5, 6])
    func `a story without a lost wrapper does not mention one`(number: Int) throws {
        #expect(try !story(OrphanLedger.make(), number).contains("wrapper"))
    }

    private func story(_ ledger: LedgerFixture, _ number: Int) throws -> String {
        let connection = try ledger.reader().connection
        let match = try #require(
            DeploymentLookup("\(number)", locks: [], on: connection).matches.first)
        return try StoryText(zone: .utc).render(DeploymentStory(match, on: connection))
    }
}
