package import JSON
package import DeploymentMetrics
package import Queries

/// One thing somebody should look at.
package struct Alert: Sendable {
    /// What it is about.
    package let measure: AlertMeasure
    /// The deployment, lock or metric it is about; with the measure what tells it from others.
    package let subject: String
    /// How bad it is.
    package let severity: AlertSeverity
    /// What it is, in words.
    package let summary: String
    /// The path of the lock it is about.
    package var lock: String?
    /// The number of the deployment it is about.
    package var number: Int64?
    /// Since when it is so.
    package var since: Instant?
    /// The value that is not as it should be.
    package let value: Quantity

    /// The same thing has the same key for as long as it goes on.
    package var key: String { "\(measure.rawValue) \(subject)" }

    /// The alert as JSON; what does not apply is left out.
    package var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("alert", .string(measure.rawValue)), ("subject", .string(subject)),
            ("severity", .string(severity.rawValue)), ("summary", .string(summary)),
            ("value", value.json),
        ]
        if let lock { members.append(("lock", .string(lock))) }
        if let number { members.append(("number", .integer(number))) }
        if let since { members.append(("since", .string(since.rfc3339))) }
        return .object(members)
    }
}
