/// A moment, in UTC microseconds since 1970: what the ledger calls `at_us`.
public struct Instant: Hashable, Comparable, Sendable {
    /// UTC microseconds since 1970.
    public let microseconds: Int64

    /// The moment that many UTC microseconds after the start of 1970.
    ///
    /// Kept within the years 1 to 9999: nothing else can be written as RFC 3339, and arithmetic
    /// on what a damaged record claims can then not overflow.
    public init(microseconds: Int64) {
        self.microseconds = min(max(microseconds, Self.earliest), Self.latest)
    }

    static let earliest: Int64 = -62_135_596_800_000_000
    static let latest: Int64 = 253_402_300_799_999_999

    /// The moment that many microseconds later.
    public func adding(microseconds: Int64) -> Instant {
        Instant(microseconds: self.microseconds + microseconds)
    }

    /// RFC 3339 in UTC; the fraction is as long as it needs to be: none, or up to six digits.
    public var rfc3339: String {
        let clock = WallClock(self, offsetSeconds: 0)
        return "\(clock.date)T\(clock.time)\(clock.fraction)Z"
    }

    /// Whether one moment is before another.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }
}

/// What calendar and clock on a wall show at a moment, as text.
struct WallClock {
    /// `YYYY-MM-DD`.
    let date: String
    /// `HH:MM:SS`.
    let time: String
    /// `.` and up to six digits; empty on a whole second.
    let fraction: String

    init(_ instant: Instant, offsetSeconds: Int) {
        let local = instant.microseconds + Int64(offsetSeconds) * 1_000_000
        let (seconds, micros) = Self.floorDivide(local, 1_000_000)
        let (days, secondOfDay) = Self.floorDivide(seconds, 86400)
        let day = CivilDate(daysSinceEpoch: days).components
        date = "\(padded(day.year, 4))-\(padded(day.month, 2))-\(padded(day.day, 2))"
        let hour = padded(secondOfDay / 3600, 2)
        time = "\(hour):\(padded(secondOfDay / 60 % 60, 2)):\(padded(secondOfDay % 60, 2))"
        fraction = decimalFraction(micros, digits: 6)
    }

    /// Quotient rounded towards minus infinity, and the remainder, which is never negative.
    static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }
}

/// A number with leading zeros.
func padded(_ number: some BinaryInteger, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// `.` and the digits of `value` / 10^digits without trailing zeros; empty for 0.
func decimalFraction(_ value: Int64, digits: Int) -> String {
    var text = Substring(padded(value, digits))
    while text.last == "0" { text.removeLast() }
    return text.isEmpty ? "" : "." + text
}
