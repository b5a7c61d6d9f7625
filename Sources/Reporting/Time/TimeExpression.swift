import Wording

/// A moment as a person writes it, `2026-09-18`, `-2h` or `last-week`, resolved against a clock.
///
/// A word or form that names a period (a day, a week) means the period's first moment, for the
/// start of a window as for its end; with half-open windows `--since D --until D+1` is day D.
/// Amounts (`-2h`, `7d`) are exact lengths before now, a day being 24 hours; words are days and
/// weeks of the calendar in the zone, which may have 23 or 25 hours.
public struct TimeExpression: Sendable {
    let now: Instant
    let zone: Zone

    /// Resolves expressions against that clock and zone.
    public init(now: Instant, zone: Zone) {
        self.now = now
        self.zone = zone
    }

    /// The moment `text` means.
    public func resolve(_ text: String) throws(TimeError) -> Instant {
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
        let amount = text.first == "-" ? text.dropFirst() : text[...]
        if let amount = LengthOfTime.parse(relative: amount) {
            let (past, overflow) = now.microseconds.subtractingReportingOverflow(amount)
            guard !overflow, past > Instant.earliest else { throw TimeError.impossible(text) }
            return Instant(microseconds: past)
        }
        if let week = try isoWeek(text) { return zone.instant(of: week) }
        return try dateAndTime(text)
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

        guard scanner.take("T") || scanner.take("t") || scanner.take(" "),
            let hour = scanner.digits(2...2), scanner.take(":"), let minute = scanner.digits(2...2)
        else { throw TimeError.unreadable(text) }
        var second = 0
        var micros: Int64 = 0
        if scanner.take(":") {
            guard let whole = scanner.digits(2...2), let fraction = scanner.fraction() else {
                throw TimeError.unreadable(text)
            }
            (second, micros) = (whole, fraction)
        }
        guard hour < 24, minute < 60, second < 60 else { throw TimeError.impossible(text) }
        let ofDay = Int64((hour * 60 + minute) * 60 + second) * 1_000_000 + micros

        if scanner.isAtEnd { return zone.instant(of: date, microsecondOfDay: ofDay) }
        guard let offset = scanner.offset(), scanner.isAtEnd else {
            throw TimeError.unreadable(text)
        }
        let local = date.daysSinceEpoch * 86_400_000_000 + ofDay
        return Instant(microseconds: local - Int64(offset) * 1_000_000)
    }
}
