package import Wording

extension Zone {
    /// The moment at which the zone's clocks show the same time of day some days later.
    func moving(_ instant: Instant, days: Int64) -> Instant {
        let local = instant.microseconds + Int64(offsetSeconds(at: instant)) * 1_000_000
        let (day, rest) = ClockText.floorDivide(local, Self.day)
        return self.instant(
            of: CivilDate(daysSinceEpoch: day).adding(days: days), microsecondOfDay: rest)
    }

    /// Whether a day begins at that moment.
    func isStartOfDay(_ instant: Instant) -> Bool { self.instant(of: date(at: instant)) == instant }

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
