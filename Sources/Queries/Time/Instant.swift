import Wording

/// A moment, in UTC microseconds since 1970: what the ledger calls `at_us`.
package struct Instant: Hashable, Comparable, Sendable {
    /// UTC microseconds since 1970.
    package let microseconds: Int64

    /// The moment that many UTC microseconds after the start of 1970.
    ///
    /// Kept within the years 1 to 9999: nothing else can be written as RFC 3339, and arithmetic
    /// on what a damaged record claims can then not overflow.
    package init(microseconds: Int64) {
        self.microseconds = min(max(microseconds, Self.earliest), Self.latest)
    }

    static let earliest: Int64 = -62_135_596_800_000_000
    static let latest: Int64 = 253_402_300_799_999_999

    /// The moment that many microseconds later.
    package func adding(microseconds: Int64) -> Instant {
        Instant(microseconds: self.microseconds + microseconds)
    }

    /// RFC 3339 in UTC with six digits of fraction.
    package var rfc3339: String { RFC3339.toTheMicrosecond(microseconds) }

    /// Whether one moment is before another.
    package static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }
}
