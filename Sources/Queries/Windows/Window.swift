import Wording

/// The half-open stretch of time `[since, until)` that a report looks at.
package struct Window: Hashable, Sendable {
    /// The first moment inside.
    package let since: Instant
    /// The first moment after it.
    package let until: Instant
    /// The zone days and weeks are meant in, and times are shown in.
    package let zone: Zone

    /// How long a window is when nobody says: seven days of 24 hours.
    package static let usualLength: Int64 = 7 * 86_400_000_000

    /// The window between two moments.
    package init(since: Instant, until: Instant, zone: Zone) throws(TimeError) {
        guard since < until else {
            throw TimeError.emptyWindow(since: zone.text(since), until: zone.text(until))
        }
        self.since = since
        self.until = until
        self.zone = zone
    }

    /// The window of some length, at least a microsecond, that ends at a moment.
    package init(last length: Int64, until: Instant, zone: Zone) {
        since = until.adding(microseconds: -max(1, length))
        self.until = until
        self.zone = zone
    }

    /// The window a person asks for.
    ///
    /// Without `until` it ends now; without `since` it starts seven days before its end.
    package init(since: String?, until: String?, zone: Zone, now: Instant) throws(TimeError) {
        let expression = TimeExpression(now: now, zone: zone)
        var end = now
        if let until { end = try expression.resolve(until) }
        var start = end.adding(microseconds: -Self.usualLength)
        if let since { start = try expression.resolve(since) }
        try self.init(since: start, until: end, zone: zone)
    }

    /// Its length in microseconds.
    package var length: Int64 { until.microseconds - since.microseconds }

    /// How many days of the calendar it has; nil when it is not made of such.
    package var days: Int64? {
        guard zone.isStartOfDay(since), zone.isStartOfDay(until) else { return nil }
        return zone.date(at: until).daysSinceEpoch - zone.date(at: since).daysSinceEpoch
    }

    /// Both ends, the zone and the length (days of the calendar, which may have 23 or 25 hours, when it
    /// is made of such), such as
    /// `2026-09-14 00:00:00 to 2026-09-21 00:00:00 Europe/Berlin (7d)`.
    package var text: String {
        "\(zone.shortText(since)) to \(zone.shortText(until)) \(zone.name) "
            + "(\(DurationText.text(microseconds: days.map { $0 * Zone.day } ?? length)))"
    }
}
