package import JSON
import DeploymentMetrics
package import Queries
import Wording

extension AlertReport {
    /// The alerts as rows.
    package var table: Table {
        let columns: [Table.Column] = [
            .init("severity", title: "SEVERITY"), .init("alert", title: "ALERT"),
            .init("subject", title: "SUBJECT"), .init("since", title: "SINCE"),
            .init("value", title: "VALUE"), .init("lock", title: "LOCK"),
            .init("number", title: "NO."), .init("summary", title: "SUMMARY", widest: 120),
        ]
        let rows = alerts.map { alert -> [Cell] in
            [
                .text(alert.severity.rawValue), .text(alert.measure.rawValue),
                .text(alert.subject), alert.since.map { .time($0) } ?? .none,
                alert.value.cell, alert.lock.map { .text($0) } ?? .none,
                alert.number.map { .integer($0) } ?? .none, .text(alert.summary),
            ]
        }
        return Table(columns: columns, rows: rows)
    }

    /// Alerts, the values of all measures and what the metrics looked at.
    package var json: JSONValue {
        let measures = values.map { measure, value -> (key: String, value: JSONValue) in
            let number: JSONValue =
                value.map {
                    measure.unit == .seconds ? .seconds(microseconds: $0) : .integer($0)
                } ?? .null
            return (
                measure.rawValue,
                .object([
                    ("value", number),
                    ("warning", .optional(rules.range(.warning, of: measure)?.text)),
                    ("critical", .optional(rules.range(.critical, of: measure)?.text)),
                ])
            )
        }
        return .object([
            ("severity", .string(severity.rawValue)),
            ("generated_at", .string(facts.now.rfc3339)),
            ("window", facts.window.json),
            ("verified", .optional(facts.recorded?.verification.scope)),
            ("alerts", .array(alerts.map(\.json))),
            ("unknown", .array(unknown.map { .string($0.problem) })),
            ("measures", .object(measures)),
        ])
    }

    /// For people: a line for each alert, the worst first; one that says so when there are none.
    package func lines(style: Style) -> [String] {
        let lines =
            alerts.map { alert in
                let word = style.verdict(alert.severity.rawValue.uppercased(), isGood: false)
                return "\(word)  \(alert.summary.escapedForTerminal)"
            } + unknown.map { "UNKNOWN  \($0.problem.escapedForTerminal)" }
        return lines.isEmpty ? [style.verdict("OK", isGood: true) + "  no alerts"] : lines
    }

    /// For people: the worst first, then what was looked at.
    package func text(style: Style) -> String {
        var text = lines(style: style).map { $0 + "\n" }.joined()
        let locks = facts.locks.map(\.path).joined(separator: ", ")
        text += "\nLocks:   \(locks.escapedForTerminal)\n"
        for freeze in facts.recorded?.freezes ?? [] {
            let words = "\(freeze.lock ?? "a lock") is \(freeze.text(in: facts.window.zone))"
            text += "Freeze:  \(words.escapedForTerminal)\n"
        }
        for one in facts.recorded?.overrides ?? [] {
            text += "Freeze:  overridden by \(one.text.escapedForTerminal)\n"
        }
        guard let verification = facts.recorded?.verification else { return text }
        text += "Targets: \(facts.window.text)\n"
        let scope = verification.scope
        return text
            + (verification.problems.isEmpty
                ? "Ledger:  \(scope) verified\n"
                : "Ledger:  damaged (\(scope) checked); run 'deploystats verify'\n")
    }
}
