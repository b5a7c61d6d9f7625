package import JSON
import Queries

/// Which alerts somebody has been told of.
package struct AlertState: Sendable {
    private struct File: Decodable {
        let active: [Entry]
    }

    /// One that goes on.
    package struct Entry: Decodable, Sendable {
        /// See `Alert.key`.
        package let key: String
        /// The worst severity that was told.
        package let severity: String
        /// The lock it is about.
        let lock: String?
        /// The alert as it was told, on one line.
        package let alert: String
    }

    /// Those that go on, in the order they were told.
    package private(set) var active: [Entry] = []

    /// Nobody has been told of anything.
    package init() {}

    /// Reads a state; nil when it is none.
    package init?(_ text: String) {
        guard let file = JSONText.decode(File.self, text) else { return nil }
        active = file.active
    }

    /// The state as JSON.
    package var json: JSONValue {
        .object([
            (
                "active",
                .array(
                    active.map {
                        .object([
                            ("key", .string($0.key)), ("severity", .string($0.severity)),
                            ("lock", .optional($0.lock)), ("alert", .string($0.alert)),
                        ])
                    })
            )
        ])
    }

    /// Those nobody has been told of, or not that they are so bad.
    package func new(in report: AlertReport) -> [Alert] {
        report.alerts.filter { alert in
            guard let entry = active.first(where: { $0.key == alert.key }) else { return true }
            return alert.severity > AlertSeverity(rawValue: entry.severity) ?? .ok
        }
    }

    /// Those that are over; of a lock that could not be looked at that is not known.
    package func ended(in report: AlertReport) -> [Entry] {
        active.filter { entry in
            !report.alerts.contains { $0.key == entry.key }
                && !report.unknown.contains { $0.lock == nil || $0.lock == entry.lock }
        }
    }

    /// Somebody has been told of an alert.
    package mutating func add(_ alert: Alert) {
        let entry = Entry(
            key: alert.key, severity: alert.severity.rawValue, lock: alert.lock,
            alert: alert.json.line)
        if let place = active.firstIndex(where: { $0.key == alert.key }) {
            active[place] = entry
        } else {
            active.append(entry)
        }
    }

    /// Somebody has been told that one is over.
    package mutating func remove(_ entry: Entry) {
        active.removeAll { $0.key == entry.key }
    }
}
