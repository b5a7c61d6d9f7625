import Glibc
import JSONOutput
import Ledger
import Reporting
import SQLite
import SystemCalls
import TestSupport
import Testing

/// Whole outputs against files in `Golden/`; `GOLDEN=write` in the environment writes them anew, and
/// then the difference is for people to read.
@Suite("Every format on one rich ledger")
struct GoldenTests {
    private static let folder = Path.parent(of: #filePath) + "/Golden"

    /// Compares with a file, in which ids, different every time, are `deployment N`.
    private func compare(_ text: String, _ name: String, _ ledger: LedgerFixture) throws {
        var text = text
        let ids = try ledger.reader().connection.prepare("SELECT id FROM deployment ORDER BY n")
            .rows().compactMap(\.first?.text)
        for (index, id) in ids.enumerated() {
            text = text.split(separator: id, omittingEmptySubsequences: false)
                .joined(separator: "deployment \(index + 1)")
        }
        let path = "\(Self.folder)/\(name)"
        if Environment.value("GOLDEN") == "write" {
            try FileReplacement.write(Array(text.utf8), to: path)
        }
        let golden = String(decoding: try FileSystem.read(path), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let wanted = golden.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, pair) in zip(lines, wanted).enumerated() where pair.0 != pair.1 {
            Issue.record("\(name), line \(index + 1): \(pair.0)\nwanted: \(pair.1)")
            return
        }
        #expect(text == golden, "\(name) has \(lines.count) lines, wanted \(wanted.count)")
    }

    @Test("The report as text, Markdown, page and JSON")
    func report() throws {
        let ledger = try RichLedger.make()
        let report = try RichLedger.report(ledger)
        try compare(PeriodText().render(report), "report.txt", ledger)
        try compare(ReportTemplate.markdown().render(report), "report.md", ledger)
        try compare(ReportTemplate.html().render(report), "report.html", ledger)
        try compare(report.json.indented + "\n", "report.json", ledger)
    }

    @Test("The report of a week that still runs")
    func running() throws {
        let ledger = try RichLedger.make()
        let report = try RichLedger.report(ledger, week: "this-week")
        try compare(PeriodText().render(report), "running.txt", ledger)
        try compare(ReportTemplate.html().render(report), "running.html", ledger)
    }

    @Test("The metrics as text, Markdown, CSV, NDJSON and JSON")
    func metrics() throws {
        let ledger = try RichLedger.make()
        let report = try RichLedger.report(ledger).current
        try compare(MetricsText().render(report), "metrics.txt", ledger)
        try compare(MetricsText().markdown(report), "metrics.md", ledger)
        try compare(CSVRenderer().render(report.table), "metrics.csv", ledger)
        try compare(
            report.metrics.map { $0.json.line + "\n" }.joined(), "metrics.ndjson", ledger)
        try compare(report.json.indented + "\n", "metrics.json", ledger)
    }

    @Test("The newest deployments as text, Markdown and CSV")
    func deployments() throws {
        let ledger = try RichLedger.make()
        let window = try PartialWindow(since: nil, until: nil, zone: .utc, now: RichLedger.now)
        let list = try DeploymentList(
            ledger.reader().connection, window: window, filter: ReportFilter(), limit: 8)
        try compare(TextRenderer(zone: .utc).render(list.summary), "deployments.txt", ledger)
        try compare(MarkdownRenderer(zone: .utc).render(list.summary), "deployments.md", ledger)
        try compare(CSVRenderer().render(list.summary), "deployments.csv", ledger)
    }

    @Test("What each metric counts", arguments: Metric.Name.allCases)
    func explain(name: Metric.Name) throws {
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
