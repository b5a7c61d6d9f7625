import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import Testing

@Suite("Every format on one rich ledger")
struct GoldenTests {
    private func compare(_ text: String, _ name: String, _ ledger: LedgerFixture) throws {
        try GoldenFile(name).compare(text, ledger)
    }

    @Test func `the report is right as text, Markdown, page and JSON`() throws {
        let ledger = try RichLedger.make()
        let report = try RichLedger.report(ledger)
        try compare(PeriodText().render(report), "report.txt", ledger)
        try compare(ReportTemplate.markdown().render(report), "report.md", ledger)
        try compare(ReportTemplate.html().render(report), "report.html", ledger)
        try compare(report.json.document, "report.json", ledger)
    }

    @Test func `the report of a running week is right`() throws {
        let ledger = try RichLedger.make()
        let report = try RichLedger.report(ledger, week: "this-week")
        try compare(PeriodText().render(report), "running.txt", ledger)
        try compare(ReportTemplate.html().render(report), "running.html", ledger)
    }

    @Test func `the metrics are right as text, Markdown, CSV, NDJSON and JSON`() throws {
        let ledger = try RichLedger.make()
        let report = try RichLedger.report(ledger).current
        try compare(MetricsText().render(report), "metrics.txt", ledger)
        try compare(MetricsText().markdown(report), "metrics.md", ledger)
        try compare(CSVRenderer().render(report.table), "metrics.csv", ledger)
        try compare(
            report.metrics.map { $0.json.line + "\n" }.joined(), "metrics.ndjson", ledger)
        try compare(report.json.document, "metrics.json", ledger)
    }

    @Test func `the newest deployments are right as text, Markdown and CSV`() throws {
        let ledger = try RichLedger.make()
        let window = try PartialWindow(since: nil, until: nil, zone: .utc, now: RichLedger.now)
        let list = try DeploymentList(
            ledger.reader().connection, window: window, filter: ReportFilter(), limit: 8)
        try compare(TextRenderer(zone: .utc).render(list.summary), "deployments.txt", ledger)
        try compare(MarkdownRenderer(zone: .utc).render(list.summary), "deployments.md", ledger)
        try compare(CSVRenderer().render(list.summary), "deployments.csv", ledger)
    }

    @Test(arguments: Metric.Name.allCases)
    func `the explanation of each metric is right`(name: Metric.Name) throws {
        let ledger = try RichLedger.make()
        let zone = try Zone(named: "Europe/Berlin")
        let period = try ReportPeriod(week: "2026-W38", zone: zone, now: RichLedger.now)
        let explanation = try Explanation(
            name, ledger.reader().connection, window: period.window, filter: ReportFilter(),
            now: RichLedger.now, isDead: { _ in false })
        let text = TextRenderer(zone: zone).render(explanation.summary) + explanation.totals + "\n"
        try compare(text, "explain-\(name.rawValue).txt", ledger)
    }
}
