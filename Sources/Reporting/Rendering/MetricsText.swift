import Wording

/// The metrics report for people: verdict and value first, the counts behind them, then notes.
public struct MetricsText: Sendable {
    let style: Style

    /// A renderer for people.
    public init(style: Style = .plain) {
        self.style = style
    }

    /// The whole report.
    public func render(_ report: MetricsReport) -> String {
        var text = style.heading("Deployment metrics") + "  \(report.window.text)\n"
        if !report.filter.isEmpty { text += "Only: \(report.filter.text.escapedForTerminal)\n" }
        text += "\n" + table(report.metrics) + "\n" + notes(report.metrics)
        text += "In flight: \(report.inFlight.text(now: report.now))\n"
        if let dead = report.inFlight.deadText() { text += "  \(dead)\n" }
        if let first = report.coverage.first {
            let since = report.beginsBeforeTheLedger ? ", nothing is known before" : ""
            let deployments = Counted.text(report.coverage.deployments, "deployment")
            let events = Counted.text(report.coverage.events, "event")
            text +=
                "Ledger: \(deployments), \(events) since \(report.window.zone.text(first))"
                + "\(since)\n"
        }
        return text
    }

    private static let headings = [
        "METRIC", "VERDICT", "VALUE", "TARGET", "N", "P50", "P95", "MAX", "RATE",
    ]
    /// The columns of numbers, which end below each other.
    private static let numeric: Set<Int> = [4, 5, 6, 7, 8]

    private func table(_ metrics: [Metric]) -> String {
        let rows = metrics.map(cells)
        let widths = Self.headings.indices.map { index in
            rows.reduce(Self.headings[index].count) { max($0, $1[index].columnWidth) }
        }
        func line(_ cells: [String], _ paint: (String) -> String) -> String {
            var line = ""
            for (index, cell) in cells.enumerated() {
                let blanks = String(repeating: " ", count: widths[index] - cell.columnWidth)
                let shown = index == 1 ? paint(cell) : cell
                line += (index == 0 ? "" : "  ")
                line += Self.numeric.contains(index) ? blanks + shown : shown + blanks
            }
            while line.last == " " { line.removeLast() }
            return line
        }
        let heading = style.heading(line(Self.headings) { $0 })
        return heading + "\n"
            + zip(metrics, rows).map { metric, row in
                line(row) { verdict in
                    switch metric.status {
                    case .pass: style.good(verdict)
                    case .fail: style.bad(verdict)
                    case .noData, nil: style.faint(verdict)
                    }
                } + "\n"
            }.joined()
    }

    private func cells(_ metric: Metric) -> [String] {
        [
            metric.label, metric.verdict, metric.statedValue, metric.targetText, String(metric.n),
            metric.p50?.text ?? "-", metric.p95?.text ?? "-", metric.max?.text ?? "-",
            metric.ratioText,
        ]
    }

    private func notes(_ metrics: [Metric]) -> String {
        let lines = metrics.flatMap { metric in
            metric.notes.map { "  \(metric.label): \($0.escapedForTerminal)\n" }
        }
        return lines.isEmpty ? "" : lines.joined() + "\n"
    }
}
