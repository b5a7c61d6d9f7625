import Wording

/// The time a report is about, what it is called, and the time it is compared with.
package struct ReportPeriod: Sendable {
    /// All of it, also what is still to come.
    package let window: Window
    /// The moment the report is made at.
    package let now: Instant
    /// What it is compared with: as long, and immediately before it.
    ///
    /// Of a period that still runs the same part of the one before, up to the same weekday and time
    /// of day: half a week against a whole one would always look like a fall.
    package let previous: Window
    /// `2026-W38`, or both ends of a window that is no week.
    package let label: String
    /// What the period before is called.
    package let previousLabel: String

    /// The last eight weeks of the calendar, up to the one in which the report ends.
    package let trendWeeks: [Window]

    /// A week: `last-week`, `this-week` or its ISO 8601 name.
    package init(week text: String, zone: Zone, now: Instant) throws(TimeError) {
        let start = try TimeExpression(now: now, zone: zone).resolve(text)
        let monday = zone.date(at: start)
        guard monday.weekday == 1, zone.instant(of: monday) == start,
            text == "this-week" || text == "last-week" || text.contains("W")
        else { throw .noWeek(text) }
        let end = zone.instant(of: monday.adding(days: 7))
        try self.init(Window(since: start, until: end, zone: zone), now: now)
    }

    /// Last week, or the running one when the ledger did not begin before it: what happened up to now
    /// says more than an empty week.
    ///
    /// - Parameter first: when the ledger begins; nil when it is empty.
    package init(usualIn zone: Zone, since first: Instant?, now: Instant) throws(TimeError) {
        let monday = zone.instant(of: zone.date(at: now).monday)
        let isYoung = first.map { $0 >= monday } ?? false
        try self.init(week: isYoung ? "this-week" : "last-week", zone: zone, now: now)
    }

    /// Any window.
    package init(_ window: Window, now: Instant) throws(TimeError) {
        guard window.since < now else { throw .notBegun(window.zone.text(window.since)) }
        self.window = window
        self.now = now
        let zone = window.zone
        label = Self.weekLabel(window) ?? window.ends
        func back(_ instant: Instant) -> Instant {
            // Days of the calendar, which may have 23 or 25 hours, when it is made of such.
            window.days.map { zone.moving(instant, days: -$0) }
                ?? instant.adding(microseconds: -window.length)
        }
        var start = back(window.since)
        // A day that a zone left out, as some at the date line once did, has no length.
        if start >= window.since { start = window.since.adding(microseconds: -window.length) }
        let whole = try Window(since: start, until: window.since, zone: zone)
        previousLabel = Self.weekLabel(whole) ?? whole.ends
        let same = window.until > now ? back(now) : whole.until
        previous = try Window(
            since: start, until: start < same ? min(same, whole.until) : whole.until, zone: zone)
        let end = min(window.until, now).adding(microseconds: -1)
        let monday = zone.date(at: end).monday
        var weeks: [Window] = []
        for back in stride(from: Int64(7), through: 0, by: -1) {
            let start = monday.adding(days: -7 * back)
            weeks.append(
                try Window(
                    since: zone.instant(of: start), until: zone.instant(of: start.adding(days: 7)),
                    zone: zone))
        }
        trendWeeks = weeks
    }

    /// From the first moment that anything of the report is about to the last.
    package var span: Window {
        get throws(TimeError) {
            try Window(
                since: min(window.since, trendWeeks.first?.since ?? window.since),
                until: max(window.until, trendWeeks.last?.until ?? window.until),
                zone: window.zone)
        }
    }

    /// Whether it goes on after the moment the report is made at.
    package var isRunning: Bool { window.until > now }

    /// The part of it that can be known.
    package var knownUntil: Instant { min(window.until, now) }

    /// What it is compared with, in words.
    package var comparison: String {
        isRunning
            ? "so far, against the same part of \(previousLabel)" : "against \(previousLabel)"
    }

    package static func weekLabel(_ window: Window) -> String? {
        let zone = window.zone
        let monday = zone.date(at: window.since)
        guard monday.weekday == 1, zone.instant(of: monday) == window.since,
            zone.instant(of: monday.adding(days: 7)) == window.until
        else { return nil }
        return monday.weekLabel
    }
}

extension Window {
    /// Both ends, without zone and length.
    package var ends: String { "\(zone.shortText(since)) to \(zone.shortText(until))" }

    /// Whether a moment is inside.
    package func contains(_ instant: Instant) -> Bool { since <= instant && instant < until }
}
