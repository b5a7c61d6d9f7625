package import Wording

/// What clocks that go forward or back make of a time of day.
package enum ClockChange: Hashable, Sendable {
    /// They never show it; the first moment after it is meant.
    case skipped
    /// They show it twice; the earlier one is meant.
    case repeated
}

extension Zone {
    /// The first moment at which the zone's clocks show that day and time of day or, where they go
    /// forward past it, the first one after.
    package func firstInstant(
        of date: CivilDate, microsecondOfDay: Int64 = 0
    ) -> (instant: Instant, change: ClockChange?) {
        let local = date.daysSinceEpoch * Self.day + microsecondOfDay
        let found = instant(of: date, microsecondOfDay: microsecondOfDay)
        let jump = found.microseconds + Int64(offsetSeconds(at: found)) * 1_000_000 - local
        if jump <= 0 { return (found, isRepeated(found) ? .repeated : nil) }
        // The clocks change on a whole second between these two.
        var before = ClockText.floorDivide(found.microseconds - jump, 1_000_000).quotient
        var after = ClockText.floorDivide(found.microseconds, 1_000_000).quotient
        let offset = offsetSeconds(at: found)
        while after - before > 1 {
            let middle = before + (after - before) / 2
            let isAfter = offsetSeconds(at: Instant(microseconds: middle * 1_000_000)) == offset
            if isAfter { after = middle } else { before = middle }
        }
        return (Instant(microseconds: after * 1_000_000), .skipped)
    }
}
