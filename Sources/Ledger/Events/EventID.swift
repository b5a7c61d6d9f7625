import JSON
internal import Synchronization
internal import SystemCalls

/// A 128-bit id that sorts by the time it was made.
///
/// Layout of RFC 9562 section 5.7 with the fraction of the millisecond in `rand_a` (section 6.2,
/// method 3). Within one process every id is greater than the one before, whatever the clock does.
package struct EventID: Hashable, Sendable, Comparable, LosslessStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// Reads the usual text form in lower case, 8-4-4-4-12 hexadecimal digits.
    package init?(_ text: String) {
        var (high, low): (UInt64, UInt64) = (0, 0)
        var index = 0
        for character in text.utf8 {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard character == UInt8(ascii: "-") else { return nil }
            } else {
                guard let digit = Hexadecimal.value(of: character) else { return nil }
                if index < 18 {
                    high = high << 4 | UInt64(digit)
                } else {
                    low = low << 4 | UInt64(digit)
                }
            }
            index += 1
            if index > 36 { return nil }
        }
        guard index == 36 else { return nil }
        (self.high, self.low) = (high, low)
    }

    /// Makes a new id.
    package static func generate() -> EventID {
        let now = UInt64(max(0, Clock.wallMicroseconds()))
        let time = Self.time(ofMicroseconds: now)
        let unique = newest.withLock { newest in
            newest = max(time, newest + 1)
            return newest
        }
        var generator = SystemRandomNumberGenerator()
        return EventID(time: unique, random: generator.next())
    }

    /// 48 bits of milliseconds, 12 bits of what is left in 1/4096 ms.
    static func time(ofMicroseconds now: UInt64) -> UInt64 {
        (now / 1000) << 12 | (now % 1000) * 4096 / 1000
    }

    /// Lays out 60 bits of time and 62 of chance.
    init(version: UInt64 = 7, time: UInt64, random: UInt64) {
        high = (time >> 12) << 16 | version << 12 | time & 0xfff
        low = 0x8000_0000_0000_0000 | random >> 2
    }

    /// When it was made, to the millisecond, wall clock in µs.
    package var madeAtUs: Int64 { Int64(high >> 16) * 1000 }

    /// Whether it follows from what it stands for, see `derived`.
    var isDerived: Bool { high >> 12 & 0xf == 8 }

    private static let newest = Mutex<UInt64>(0)

    /// The usual text form in lower case.
    package var description: String {
        String(unsafeUninitializedCapacity: 36) { result in
            var place = 0
            for digit in 0..<32 {
                if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                    result[place] = UInt8(ascii: "-")
                    place += 1
                }
                let half = digit < 16 ? high : low
                result[place] = Hexadecimal.digit(UInt8(half >> UInt64(60 - digit % 16 * 4) & 15))
                place += 1
            }
            return place
        }
    }

    /// Orders by time of creation.
    package static func < (left: EventID, right: EventID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension EventID: RecordText {
    /// Reads the text form.
    package init?(recordText: String) { self.init(recordText) }
    /// The text form.
    package var recordText: String { description }

    /// No id.
    static let zero = EventID(version: 0, time: 0, random: 0)
}
