import JSON
import DeploymentMetrics
package import Notifications
import Queries
import SystemCalls

extension Notification {
    /// Of an alert that has begun.
    ///
    /// - Parameter ledger: the path of the ledger.
    package init(firing alert: Alert, in report: AlertReport, ledger: String) {
        self.init(
            status: "firing", severity: alert.severity.rawValue, summary: alert.summary,
            alert.json, report, ledger)
    }

    /// Of one that is over, as it was told when it began.
    package init(resolved entry: AlertState.Entry, in report: AlertReport, ledger: String) {
        self.init(
            status: "resolved", severity: "resolved", summary: entry.summary, .raw(entry.alert),
            report, ledger)
    }

    private init(
        status: String, severity: String, summary: String, _ alert: JSONValue,
        _ report: AlertReport, _ ledger: String
    ) {
        let host = Machine.hostName
        let at = report.facts.now.rfc3339
        self.init(
            kind: .alert, status: status,
            summary: "[\(severity)] \(host): \(summary)", text: "\(summary)\n\(at), \(ledger)",
            links: [], at: at, host: host, ledger: ledger, more: [("alert", alert)])
    }
}

extension AlertState.Entry {
    /// What it was, in words.
    fileprivate var summary: String {
        struct Told: Decodable { let summary: String }
        return JSONText.decode(Told.self, alert)?.summary ?? key
    }
}
