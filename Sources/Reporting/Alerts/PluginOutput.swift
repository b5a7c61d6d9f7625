import JSON
import DeploymentMetrics
import Wording

/// What a plugin of Nagios, Icinga and their kin prints, and the code it ends with.
///
/// Source: <https://www.monitoring-plugins.org/doc/guidelines.html>
package enum PluginOutput {
    /// The code for a state.
    package static func code(_ severity: AlertSeverity) -> Int32 {
        switch severity {
        case .ok: 0
        case .warning: 1
        case .critical: 2
        case .unknown: 3
        }
    }

    /// One line below 80 characters.
    package static func firstLine(_ severity: AlertSeverity, _ text: String) -> String {
        let line = "DEPLOY \(severity.rawValue.uppercased()): \(plain(text))"
        return line.count < 80 ? line : line.prefix(76) + "..."
    }

    /// What separates text from figures, and control characters, must not be inside of the text.
    static func plain(_ text: String) -> String {
        text.escapedForTerminal.split(separator: "|", omittingEmptySubsequences: false)
            .joined(separator: "/")
    }
}

extension AlertReport {
    /// State and reason, figures behind `|`, then all alerts.
    package var pluginText: String {
        var reason = "no alerts"
        if let first = alerts.first {
            let more = alerts.count - 1
            reason = (more > 0 ? "\(alerts.count) alerts, " : "") + first.summary
        } else if let first = unknown.first {
            reason = first.problem
        }
        let figures =
            measureFigures + (facts.recorded?.metrics.metrics ?? []).compactMap(Self.figure)
        var text = PluginOutput.firstLine(severity, reason)
        text += " | " + figures.joined(separator: " ") + "\n"
        for alert in alerts {
            text += Self.long(alert.severity, alert.summary)
        }
        for (_, problem) in unknown { text += Self.long(.unknown, problem) }
        return text
    }

    private static func long(_ severity: AlertSeverity, _ text: String) -> String {
        "[\(severity.rawValue.uppercased())] \(PluginOutput.plain(text))\n"
    }

    private var measureFigures: [String] {
        values.map { measure, value in
            let ranges = [AlertSeverity.warning, .critical].map {
                rules.range($0, of: measure)?.text ?? ""
            }
            let isTime = measure.unit == .seconds
            let number =
                value.map {
                    isTime ? JSONValue.seconds(microseconds: $0).line + "s" : String($0)
                } ?? "U"
            return "\(measure.rawValue)=\(number);\(ranges[0]);\(ranges[1]);0"
        }
    }

    /// A metric; nil when nothing was measured.
    private static func figure(_ metric: Metric) -> String? {
        guard let value = metric.value else { return nil }
        let label: String
        switch metric.name {
        case .deploymentDuration:
            // Only tiers with targets: labels stay the same, whatever people write.
            guard metric.target != nil, let tier = metric.tier else { return nil }
            label = "duration_\(tier)"
        case .lockWaitTime: label = "wait"
        case .queueLength: label = "longest_queue"
        case .skipRate: label = "skip_rate"
        case .successRate: label = "success_rate"
        case .timeToDeliver: label = "time_to_deliver"
        case .timeoutRate: label = "timeout_rate"
        case .orphanRate: label = "orphans"
        }
        switch value {
        case .duration(let length):
            return "\(label)=\(JSONValue.seconds(microseconds: length).line)s;;;0"
        case .count(let count): return "\(label)=\(count);;;0"
        case .ratio(let ratio): return "\(label)=\(JSONValue.decimal(ratio * 100))%"
        }
    }
}
