import DeploymentMetrics
import Queries
import Reporting
import Wording

/// The metrics of the last days against their targets, with the weeks before.
struct MetricsPart: Sendable {
    let metrics: MetricsReport
    let trend: TrendReport
    let request: PageRequest

    var values: [String: TemplateValue] {
        [
            "rows": .list(metrics.metrics.map(row)), "window": .text(metrics.window.text),
            "weeks": .text(trend.trend.title),
            "keys": .list(
                trend.keys.lines.map { line in
                    [
                        "label": .text(line.label), "value": .text(line.value),
                        "note": .optional(line.note),
                    ]
                }),
            "in_flight": .text(metrics.inFlight.text(now: metrics.now)),
        ]
    }

    private func row(_ metric: Metric) -> TemplateValue {
        [
            "label": .text(metric.label), "verdict": .text(metric.verdict),
            "kind": .text(Self.kind(metric.status)),
            "value": .text(metric.statedValue), "target": .text(metric.targetText),
            "n": .number(metric.n), "ratio": .text(metric.ratioText),
            "mean": .text(metric.mean?.text ?? "-"), "p50": .text(metric.p50?.text ?? "-"),
            "p95": .text(metric.p95?.text ?? "-"), "max": .text(metric.max?.text ?? "-"),
            "svg": .text(line(of: metric).map { SparklineSVG.draw($0, trend.trend.weeks) } ?? ""),
            "weeks": .optional(line(of: metric).map(words)),
            "href": .text(
                request.links.to(
                    ["super-admin", "metrics", metric.name.rawValue],
                    metric.tier.map { [("tier", $0)] } ?? [])),
        ]
    }

    /// How a verdict is shown.
    static func kind(_ status: MetricStatus) -> String {
        switch status {
        case .pass: "good"
        case .fail: "bad"
        case .noData, .noTarget: "faint"
        }
    }

    private func line(of metric: Metric) -> Trend.Line? {
        trend.trend.lines.first {
            $0.name == metric.name
                && (metric.name != .deploymentDuration || $0.tier == metric.tier)
        }
    }

    /// What the picture shows.
    private func words(_ line: Trend.Line) -> String {
        zip(trend.trend.weeks, line.figures).map { week, figure in
            "\(week.label) \(week.isKnown ? figure.value?.text ?? "n/a" : "-")"
        }.joined(separator: ", ")
    }
}
