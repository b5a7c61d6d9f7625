import Reporting
import Wording

/// What somebody should look at.
struct AlertsPart: Sendable {
    let alerts: AlertReport
    let request: PageRequest

    var values: [String: TemplateValue] {
        let rows = alerts.alerts.map(row)
        let unknown = alerts.unknown.map { TemplateValue.text($0.problem.escapedForTerminal) }
        return [
            "rows": .list(rows), "count": .count(rows.count + unknown.count),
            "is_quiet": .flag(rows.isEmpty && unknown.isEmpty), "unknown": .list(unknown),
        ]
    }

    private func row(_ alert: Alert) -> TemplateValue {
        let severity = alert.severity.rawValue
        let address = alert.number.map { number in
            request.links.deployment(String(number), lock: alert.lock)
        }
        return [
            "severity": .text(severity), "kind": .text(severity == "critical" ? "bad" : "warn"),
            "summary": .outside(alert.summary), "href": .optional(address),
        ]
    }
}
