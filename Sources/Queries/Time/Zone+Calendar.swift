package import Wording

extension Zone {
    /// The moment at which the zone's clocks show the same time of day some days later; the beginning
    /// of a day becomes that of the other day, also where clocks skip its midnight.
    func moving(_ instant: Instant, days: Int64) -> Instant {
        if isStartOfDay(instant) {
            return self.instant(of: date(at: instant).adding(days: days))
        }
        let local = instant.microseconds + Int64(offsetSeconds(at: instant)) * 1_000_000
        let (day, rest) = ClockText.floorDivide(local, Self.day)
        return self.instant(
            of: CivilDate(daysSinceEpoch: day).adding(days: days), microsecondOfDay: rest)
    }

    /// Whether a day begins at that moment.
    func isStartOfDay(_ instant: Instant) -> Bool { self.instant(of: date(at: instant)) == instant }

    /// Whether the clocks show the same at another moment, too, because they went or will go back.
    func isRepeated(_ instant: Instant) -> Bool {
        let offset = offsetSeconds(at: instant)
        return [-Self.day, Self.day].contains { distance in
            let other = offsetSeconds(at: instant.adding(microseconds: distance))
            let twin = instant.adding(microseconds: Int64(offset - other) * 1_000_000)
            return other != offset && offsetSeconds(at: twin) == other
        }
    }

    /// A day of 24 hours in microseconds.
    package static let day: Int64 = 86_400_000_000
}

extension CivilDate {
    /// The ISO 8601 week this day is in, such as `2026-W38`.
    package var weekLabel: String {
        let (year, week) = isoWeek
        return "\(Digits.padded(year, 4))-W\(Digits.padded(week, 2))"
    }

    /// `2026-09-18`.
    package var text: String {
        let (year, month, day) = components
        return "\(Digits.padded(year, 4))-\(Digits.padded(month, 2))-\(Digits.padded(day, 2))"
    }
}
