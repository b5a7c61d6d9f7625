import Wording

/// A time of day as people write it, with an offset from UTC or without one.
struct TimeOfDay {
    /// Microseconds since the clocks showed midnight.
    let microseconds: Int64
    /// How far the clocks that show it are ahead of UTC, in seconds; nil for those of the zone.
    let offset: Int?

    /// Reads `HH:MM`, with seconds, with an offset, which end the text.
    ///
    /// - Parameter text: the whole of it, for errors.
    init(_ scanner: inout Scanner, in text: String) throws(TimeError) {
        guard let hour = scanner.digits(2...2), scanner.take(":"),
            let minute = scanner.digits(2...2)
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
        microseconds = Int64((hour * 60 + minute) * 60 + second) * 1_000_000 + micros
        if scanner.isAtEnd {
            offset = nil
            return
        }
        guard let read = scanner.offset(), scanner.isAtEnd else { throw TimeError.unreadable(text) }
        offset = read
    }

    /// The moment at which clocks with its offset show it on a day; nil without an offset.
    func instant(on date: CivilDate) -> Instant? {
        offset.map {
            let local = date.daysSinceEpoch * Zone.day + microseconds
            return Instant(microseconds: local - Int64($0) * 1_000_000)
        }
    }
}
