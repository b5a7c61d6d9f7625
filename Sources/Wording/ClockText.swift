/// What calendar and clock on a wall show at a moment, as text.
package struct ClockText: Sendable {
    /// `YYYY-MM-DD`.
    package let date: String
    /// `HH:MM:SS`.
    package let time: String
    /// Microseconds since the second began.
    package let microseconds: Int64

    /// Reads the clock.
    ///
    /// - Parameters:
    ///   - instant: UTC microseconds since 1970.
    ///   - offsetSeconds: how far the clock is ahead of UTC.
    package init(_ instant: Int64, offsetSeconds: Int = 0) {
        let local = instant + Int64(offsetSeconds) * 1_000_000
        let (seconds, micros) = Self.floorDivide(local, 1_000_000)
        let (days, secondOfDay) = Self.floorDivide(seconds, 86400)
        let day = CivilDate(daysSinceEpoch: days).components
        let year = Digits.padded(day.year, 4)
        date = "\(year)-\(Digits.padded(day.month, 2))-\(Digits.padded(day.day, 2))"
        let hour = Digits.padded(secondOfDay / 3600, 2)
        let minute = Digits.padded(secondOfDay / 60 % 60, 2)
        time = "\(hour):\(minute):\(Digits.padded(secondOfDay % 60, 2))"
        microseconds = micros
    }

    /// Quotient rounded towards minus infinity, and the remainder, which is never negative.
    package static func floorDivide(
        _ value: Int64, _ divisor: Int64
    ) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }
}

/// Moments of the years 1 to 9999 in UTC as RFC 3339 has them.
package enum RFC3339 {
    /// `2026-11-23T10:31:02Z`, cut off.
    package static func toTheSecond(_ microseconds: Int64) -> String {
        let clock = ClockText(microseconds)
        return "\(clock.date)T\(clock.time)Z"
    }

    /// UTC µs of a moment as RFC 3339 writes it, with a zone and any fraction; nil when it is none.
    package static func microseconds(of text: String) -> Int64? {
        var scanner = Scanner(text[...])
        guard let year = scanner.digits(4...4), scanner.take("-"),
            let month = scanner.digits(2...2), scanner.take("-"),
            let day = scanner.digits(2...2), scanner.take("T") || scanner.take("t"),
            let date = CivilDate(year: year, month: month, day: day),
            let hour = scanner.digits(2...2), scanner.take(":"),
            let minute = scanner.digits(2...2), scanner.take(":"),
            let second = scanner.digits(2...2), let fraction = scanner.fraction(),
            let offset = scanner.offset(), scanner.isAtEnd,
            hour < 24, minute < 60, second < 60
        else { return nil }
        let seconds =
            date.daysSinceEpoch * 86400 + Int64((hour * 60 + minute) * 60 + second - offset)
        return seconds * 1_000_000 + fraction
    }

    /// `2026-11-23T10:31:02.120000Z`: always six digits, so that texts sort like the moments.
    package static func toTheMicrosecond(_ microseconds: Int64) -> String {
        let clock = ClockText(microseconds)
        return "\(clock.date)T\(clock.time).\(Digits.padded(clock.microseconds, 6))Z"
    }
}
