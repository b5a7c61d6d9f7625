import Wording

/// A moment as a person writes it, `2026-09-18`, `10:31`, `2h ago` or `last-week`, resolved against a
/// clock.
///
/// A word or form that names a period (a day, a week) means the period's first moment, for the
/// start of a window as for its end; with half-open windows `--since D --until D+1` is day D.
/// A time of day alone is the last one that has come: today's or, before that, yesterday's.
/// Amounts (`-2h`, `7d`, `2 hours ago`) are exact lengths before now, a day being 24 hours; words are days and
/// weeks of the calendar in the zone, which may have 23 or 25 hours.
package struct TimeExpression: Sendable {
    package let now: Instant
    package let zone: Zone

    /// Resolves expressions against that clock and zone.
    package init(now: Instant, zone: Zone) {
        self.now = now
        self.zone = zone
    }

    /// The moment `text` means.
    package func resolve(_ text: String) throws(TimeError) -> Instant {
        let today = zone.date(at: now)
        switch text {
        case "now": return now
        case "today": return zone.instant(of: today)
        case "yesterday": return zone.instant(of: today.adding(days: -1))
        case "this-week": return zone.instant(of: today.monday)
        case "last-week": return zone.instant(of: today.monday.adding(days: -7))
        default: break
        }
        if text.first == "@" { return try epoch(text) }
        if let amount = amount(text) {
            let (past, overflow) = now.microseconds.subtractingReportingOverflow(amount)
            guard !overflow, past > Instant.earliest else { throw TimeError.impossible(text) }
            return Instant(microseconds: past)
        }
        for (word, day) in [("today ", today), ("yesterday ", today.adding(days: -1))]
        where text.hasPrefix(word) {
            var scanner = Scanner(text.dropFirst(word.count))
            return try timeOfDay(&scanner, of: day, in: text)
        }
        if let week = try isoWeek(text) { return zone.instant(of: week) }
        if text.dropFirst(2).first == ":" { return try lastTimeOfDay(text) }
        return try dateAndTime(text)
    }

    /// `2h`, `-2h`, `2h ago` and `2 hours ago` in microseconds; nil for everything else.
    private func amount(_ text: String) -> Int64? {
        if text.hasSuffix(" ago") {
            let amount = text.dropLast(" ago".count)
            return DurationText.parse(relative: amount) ?? DurationText.parse(words: amount)
        }
        return DurationText.parse(relative: text.first == "-" ? text.dropFirst() : text[...])
    }

    /// A time of day without a day: the last one that has come.
    private func lastTimeOfDay(_ text: String) throws(TimeError) -> Instant {
        // With an offset it is the day there that counts, so one around today has it.
        let today = zone.date(at: now)
        for days: Int64 in [1, 0, -1] {
            var scanner = Scanner(text[...])
            let instant = try timeOfDay(&scanner, of: today.adding(days: days), in: text)
            if instant <= now { return instant }
        }
        throw TimeError.impossible(text)
    }

    private func epoch(_ text: String) throws(TimeError) -> Instant {
        var scanner = Scanner(text.dropFirst())
        let negative = scanner.take("-")
        guard let seconds = scanner.digits(1...12), let micros = scanner.fraction(),
            scanner.isAtEnd
        else { throw TimeError.unreadable(text) }
        let value = (Int64(seconds) * 1_000_000 + micros) * (negative ? -1 : 1)
        guard (Instant.earliest...Instant.latest).contains(value) else {
            throw TimeError.impossible(text)
        }
        return Instant(microseconds: value)
    }

    private func isoWeek(_ text: String) throws(TimeError) -> CivilDate? {
        var scanner = Scanner(text[...])
        guard let year = scanner.digits(4...4), scanner.take("-"), scanner.take("W"),
            let week = scanner.digits(2...2), scanner.isAtEnd
        else { return nil }
        guard let monday = CivilDate(isoYear: year, week: week) else {
            throw TimeError.impossible(text)
        }
        return monday
    }

    /// `YYYY-MM-DD`, with a time of day, with an offset: RFC 3339, and without offset in the zone.
    private func dateAndTime(_ text: String) throws(TimeError) -> Instant {
        var scanner = Scanner(text[...])
        guard let year = scanner.digits(4...4), scanner.take("-"),
            let month = scanner.digits(2...2), scanner.take("-"), let day = scanner.digits(2...2)
        else { throw TimeError.unreadable(text) }
        guard let date = CivilDate(year: year, month: month, day: day) else {
            throw TimeError.impossible(text)
        }
        if scanner.isAtEnd { return zone.instant(of: date) }

        guard scanner.take("T") || scanner.take("t") || scanner.take(" ") else {
            throw TimeError.unreadable(text)
        }
        return try timeOfDay(&scanner, of: date, in: text)
    }

    /// `HH:MM`, with seconds, with an offset, which end the text; without offset in the zone.
    private func timeOfDay(
        _ scanner: inout Scanner, of date: CivilDate, in text: String
    ) throws(TimeError) -> Instant {
        let time = try TimeOfDay(&scanner, in: text)
        return time.instant(on: date)
            ?? zone.instant(of: date, microsecondOfDay: time.microseconds)
    }
}
