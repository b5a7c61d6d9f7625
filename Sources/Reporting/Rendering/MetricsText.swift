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
        var value = "n/a"
        if let measured = metric.value {
            value =
                metric.unit == "ratio" || metric.name == .orphanRate
                ? measured.text : "\(metric.statistic) \(measured.text)"
        }
        return [
            Self.label(metric), Self.verdict(metric), value, Self.target(metric),
            String(metric.n), metric.p50?.text ?? "-", metric.p95?.text ?? "-",
            metric.max?.text ?? "-",
            metric.denominator.map { "\(metric.numerator ?? 0)/\($0)" } ?? "-",
        ]
    }

    private static func label(_ metric: Metric) -> String {
        switch metric.name {
        case .lockWaitTime: return "Lock wait time"
        case .deploymentDuration:
            let tier = metric.tier.flatMap { $0 }
            return "Duration, " + (tier.map { "\($0)" } ?? "no tier").escapedForTerminal
        case .queueLength: return "Queue length"
        case .skipRate: return "Skip rate"
        case .timeoutRate: return "Timeout rate"
        case .orphanRate: return "Orphans"
        }
    }

    private static func verdict(_ metric: Metric) -> String {
        switch metric.status {
        case .pass: "PASS"
        case .fail: "FAIL"
        case .noData: "n/a"
        case nil: "-"
        }
    }

    private static func target(_ metric: Metric) -> String {
        guard let target = metric.target else { return "none" }
        if target.comparison == .exactly { return target.limit.text }
        return "\(target.comparison.sign) \(target.limit.text)"
    }

    private func notes(_ metrics: [Metric]) -> String {
        let lines = metrics.flatMap { metric in
            metric.notes.map { "  \(Self.label(metric)): \($0.escapedForTerminal)\n" }
        }
        return lines.isEmpty ? "" : lines.joined() + "\n"
    }
}
