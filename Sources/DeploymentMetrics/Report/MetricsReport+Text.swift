package import Queries
import Wording

/// The metrics report for people: verdict and value first, the counts behind them, then notes.
package struct MetricsText: Sendable {
    package let style: Style

    /// A renderer for people.
    package init(style: Style = .plain) {
        self.style = style
    }

    /// The whole report.
    package func render(_ report: MetricsReport) -> String {
        var text = style.heading("Deployment metrics") + "  \(report.window.text)\n"
        if !report.filter.isEmpty { text += "Only: \(report.filter.text.escapedForTerminal)\n" }
        text += "\n" + VerdictTable(report.metrics).text(style) + "\n" + notes(report.metrics)
        if let note = report.targets.note { text += note + "\n" }
        text += "In flight: \(report.inFlight.text(now: report.now))\n"
        if let dead = report.inFlight.deadText() { text += "  \(dead)\n" }
        if let first = report.coverage.first {
            let since = report.beginsBeforeTheLedger ? " (its first record)" : ""
            let deployments = PluralText.text(report.coverage.deployments, "deployment")
            let events = PluralText.text(report.coverage.events, "event")
            text +=
                "Ledger: \(deployments), \(events) since \(report.window.zone.text(first))"
                + "\(since)\n"
        }
        return text
    }

    /// Some metrics alone.
    package func render(_ metrics: [Metric]) -> String { VerdictTable(metrics).text(style) }

    /// The metrics alone, as Markdown.
    package func markdown(_ report: MetricsReport) -> String {
        VerdictTable(report.metrics).markdown
    }

    private func notes(_ metrics: [Metric]) -> String {
        let lines = metrics.flatMap { metric in
            metric.notes.map { "  \(metric.label): \($0.escapedForTerminal)\n" }
        }
        return lines.isEmpty ? "" : lines.joined() + "\n"
    }
}
