import Wording

/// The report for a terminal: what needs attention first, figures, then lists.
public struct PeriodText: Sendable {
    let style: Style

    /// A renderer for people.
    public init(style: Style = .plain) {
        self.style = style
    }

    /// The whole report.
    public func render(_ report: PeriodReport) -> String {
        let period = report.period
        var text = style.heading("Deployments \(period.label)")
        text += "  \(period.window.text), \(period.comparison)\n"
        if !report.current.filter.isEmpty {
            text += "Only: \(report.current.filter.text.escapedForTerminal)\n"
        }
        text += section("What needs attention", report.attention, none: "Nothing does.", bad: true)
        text += section("What has changed", report.changes, none: "Nothing worth a line.")
        text += heading("Metrics") + metrics(report)
        text += heading(report.trend.title) + trend(report.trend)
        for breakdown in report.breakdowns where !breakdown.rows.isEmpty {
            text += heading("Deployments that ended, by \(breakdown.key)")
            text += table(breakdown.table, period)
        }
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
        let table = TextRenderer(zone: report.period.window.zone).render(report.metricsTable)
        let rows = table.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
        var text = style.heading(table.prefix { $0 != "\n" }.description) + "\n"
        for (pair, row) in zip(report.comparisons, rows) { text += paint(pair.current, row) + "\n" }
        text += "BEFORE: \(report.previous.window.text)\n"
        for metric in report.current.metrics {
            text += metric.notes.map { "  \(metric.label): \($0.escapedForTerminal)\n" }.joined()
        }
        let inFlight = report.current.inFlight
        return text + "In flight: \(inFlight.text(now: report.period.now))\n"
            + "Ledger: \(report.ledgerText)\n"
    }

    /// The verdict is set apart by colour, if at all.
    private func paint(_ metric: Metric, _ row: Substring) -> String {
        let label = row.prefix(metric.label.count)
        let rest = String(row.dropFirst(label.count))
        switch metric.status {
        case .pass: return label + rest.replacingFirst("PASS", with: style.good("PASS"))
        case .fail: return label + rest.replacingFirst("FAIL", with: style.bad("FAIL"))
        case .noData, nil: return label + rest
        }
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
            + "Bars start at 0; · and -: nothing is known of that week; n/a: nothing was measured\n"
    }

    private func list(_ list: ReportList, _ period: ReportPeriod) -> String {
        var text = heading(list.title)
        if list.total == 0 { return text + "  \(list.none)\n" }
        text += table(list.table, period)
        if list.omitted > 0 {
            text += "\(list.total - list.omitted) of \(list.total) are shown; --limit shows more\n"
        }
        return text
    }

    private func table(_ table: Table, _ period: ReportPeriod) -> String {
        TextRenderer(zone: period.window.zone, style: style).render(table)
    }
}

extension String {
    fileprivate func replacingFirst(_ word: String, with other: String) -> String {
        guard let range = firstRange(of: word) else { return self }
        return self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}
