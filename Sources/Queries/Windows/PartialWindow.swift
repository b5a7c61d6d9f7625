package import JSON

/// A window that may be open at either end, for lists that show everything unless told otherwise.
package struct PartialWindow: Hashable, Sendable {
    /// The first moment inside; nil for the beginning of all.
    package let since: Instant?
    /// The first moment after it; nil for no end.
    package let until: Instant?
    /// The zone times are shown in.
    package let zone: Zone

    /// The window a person asks for.
    package init(since: String?, until: String?, zone: Zone, now: Instant) throws(TimeError) {
        let expression = TimeExpression(now: now, zone: zone)
        var start: Instant?
        var end: Instant?
        if let since { start = try expression.resolve(since) }
        if let until { end = try expression.resolve(until) }
        if let start, let end, start >= end {
            throw .emptyWindow(since: zone.text(start), until: zone.text(end))
        }
        self.since = start
        self.until = end
        self.zone = zone
    }

    /// What is shown, such as `since 2026-09-14 00:00:00 Europe/Berlin`.
    package var text: String {
        var parts: [String] = []
        if let since { parts.append("since \(zone.shortText(since))") }
        if let until { parts.append("until \(zone.shortText(until))") }
        return (parts.isEmpty ? "all times" : parts.joined(separator: " ")) + ", \(zone.name)"
    }

    /// Both ends in UTC, null where it is open, and the zone.
    package var json: JSONValue {
        .object([
            ("since", .optional(since?.rfc3339)),
            ("until", .optional(until?.rfc3339)),
            ("timezone", .string(zone.name)),
        ])
    }
}
