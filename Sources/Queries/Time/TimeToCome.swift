import Wording

/// A moment to come as a person writes it: `+2h`, `Mon 07:00`, `07:00`, or any form of
/// `TimeExpression`.
///
/// A time of day alone is the next one, and so is a day of the week: today's when it is still to
/// come.
package struct TimeToCome: Hashable, Sendable {
    /// The moment.
    package let instant: Instant
    /// What clocks that change make of what was written; nil for nothing.
    package let change: ClockChange?

    /// The forms such a time can have, for help and errors.
    package static let forms =
        "+2h, 07:00 (the next time it is), Mon 07:00, tomorrow 07:00, 2026-10-26, "
        + "2026-10-26 07:00, 2026-10-26T07:00:00+01:00, 2026-W44, @1789700000"

    /// The moment that `text` means.
    package init(_ text: String, now: Instant, zone: Zone) throws(TimeError) {
        do throws(TimeError) {
            let found = try Self.read(text, now: now, zone: zone)
            (instant, change) = (found.instant, found.change)
        } catch {
            if case .unreadable(let text) = error { throw .unreadableEnd(text) }
            throw error
        }
    }

    private typealias Found = (instant: Instant, change: ClockChange?)

    private static func read(
        _ text: String, now: Instant, zone: Zone
    ) throws(TimeError) -> Found {
        if text.first == "+" {
            guard let amount = DurationText.parse(relative: text.dropFirst()) else {
                throw .unreadable(text)
            }
            return (now.adding(microseconds: amount), nil)
        }
        let today = zone.date(at: now)
        if text.dropFirst(2).first == ":" {
            return try next(text[...], on: [-1, 0, 1, 2].map(today.adding), text, now, zone)
        }
        let words = text.split(separator: " ", maxSplits: 1)
        let first = words.first.map { $0.lowercased() } ?? ""
        let time = words.count > 1 ? words[1] : "00:00"
        switch first {
        case "today": return try next(time, on: [today], text, nil, zone)
        case "tomorrow": return try next(time, on: [today.adding(days: 1)], text, nil, zone)
        default: break
        }
        if let weekday = weekday(first) {
            let days = Int64((weekday - today.weekday + 7) % 7)
            let candidates = [days, days + 7].map(today.adding)
            return try next(time, on: candidates, text, now, zone)
        }
        if let date = date(text) {
            return try next(date.time ?? "00:00", on: [date.date], text, nil, zone)
        }
        return (try TimeExpression(now: now, zone: zone).resolve(text), nil)
    }

    /// The first of some days on which a time of day is still to come; the last one if there is none,
    /// or when `now` does not matter.
    private static func next(
        _ time: Substring, on days: [CivilDate], _ text: String, _ now: Instant?, _ zone: Zone
    ) throws(TimeError) -> Found {
        var scanner = Scanner(time)
        let time = try TimeOfDay(&scanner, in: text)
        var found: Found?
        for day in days {
            let moment =
                time.instant(on: day).map { ($0, nil) }
                ?? zone.firstInstant(of: day, microsecondOfDay: time.microseconds)
            found = moment
            if let now, moment.0 > now { break }
        }
        guard let found else { throw .unreadable(text) }
        return found
    }

    private static let weekdays = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    /// 1 for Monday to 7 for Sunday, of the whole name or its first three letters.
    private static func weekday(_ word: String) -> Int? {
        weekdays.firstIndex { $0 == word || $0.prefix(3) == word }.map { $0 + 1 }
    }

    /// `2026-10-26`, with a time of day behind a blank or a T.
    private static func date(_ text: String) -> (date: CivilDate, time: Substring?)? {
        var scanner = Scanner(text[...])
        guard let year = scanner.digits(4...4), scanner.take("-"),
            let month = scanner.digits(2...2), scanner.take("-"), let day = scanner.digits(2...2),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        if scanner.isAtEnd { return (date, nil) }
        guard scanner.take("T") || scanner.take("t") || scanner.take(" ") else { return nil }
        return (date, text.dropFirst("2026-10-26 ".count))
    }
}
