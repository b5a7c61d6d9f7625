import DeploymentMetrics
package import Queries
import Wording

/// The report for a terminal: what needs attention first, figures, then lists.
package struct PeriodText: Sendable {
    let style: Style

    /// A renderer for people.
    package init(style: Style = .plain) {
        self.style = style
    }

    /// The whole report.
    package func render(_ report: PeriodReport) -> String {
        let period = report.period
        var text = style.heading("Deployments \(period.title)") + "\n\(period.subtitle)\n"
        if !report.current.filter.isEmpty {
            text += "Only: \(report.current.filter.text.escapedForTerminal)\n"
        }
        text += "\n\(style.heading(report.headline))\n"
        text += section("What needs attention", report.attention, none: "Nothing.", bad: true)
        text += section("What has changed", report.changes, none: "No notable changes.")
        text += heading("Metrics") + metrics(report)
        if let keys = report.keysTable { text += heading("Delivery") + table(keys, period) }
        text += heading(report.trend.title) + trend(report.trend)
        for breakdown in report.breakdowns where !breakdown.rows.isEmpty {
            text += heading("Deployments that ended, by \(breakdown.key)")
            text += table(breakdown.table, period)
        }
        if report.ciRuns.total > 0 { text += ciRuns(report.ciRuns, period) }
        for list in report.lists { text += self.list(list, period) }
        return text
            + "\nTimes in \(period.window.zone.name); made \(period.window.zone.text(period.now))\n"
    }

    private func heading(_ title: String) -> String { "\n" + style.heading(title) + "\n" }

    private func section(
        _ title: String, _ lines: [String], none: String, bad: Bool = false
    ) -> String {
        if lines.isEmpty { return heading(title) + "  \(none)\n" }
        let sign = bad ? style.bad("!") : "-"
        return heading(title) + lines.map { "  \(sign) \($0.escapedForTerminal)\n" }.joined()
    }

    private func metrics(_ report: PeriodReport) -> String {
        var text = VerdictTable(report.comparisons).text(style)
        text += "BEFORE: \(report.previousText)\n"
        for metric in report.current.metrics {
            text += metric.notes.map { "  \(metric.label): \($0.escapedForTerminal)\n" }.joined()
        }
        if let note = report.current.targets.note { text += note + "\n" }
        let inFlight = report.current.inFlight
        return text + "In flight: \(inFlight.text(now: report.period.now))\n"
            + "Ledger: \(report.ledgerText)\n"
    }

    private func trend(_ trend: Trend) -> String {
        let width = trend.lines.reduce(0) { max($0, $1.label.columnWidth) }
        let rows = zip(trend.lines, trend.table.rows).map { line, cells -> String in
            let blanks = String(repeating: " ", count: width - line.label.columnWidth)
            let spark = Sparkline.text(line.heights(trend.weeks))
            let figures = cells.dropFirst().map { $0.text(in: .utc).escapedForTerminal }
            return "\(line.label)\(blanks)  \(spark)  \(figures.joined(separator: "  "))\n"
        }
        return rows.joined()
            + "Bars start at 0; · and -: before the ledger; n/a: nothing was measured\n"
    }

    private func ciRuns(_ runs: CIRuns, _ period: ReportPeriod) -> String {
        heading(CIRuns.title) + runs.tables.map { table($0.table, period) }.joined(separator: "\n")
            + "\(runs.note)\n"
    }

    private func list(_ list: ReportList, _ period: ReportPeriod) -> String {
        var text = heading(list.title)
        if list.total == 0 { return text + "  \(list.none)\n" }
        text += table(list.table, period)
        if list.omitted > 0 {
            text += "\(list.total - list.omitted) of \(list.total) shown; --limit shows more\n"
        }
        return text
    }

    private func table(_ table: Table, _ period: ReportPeriod) -> String {
        TextRenderer(zone: period.window.zone, style: style).render(table)
    }
}
