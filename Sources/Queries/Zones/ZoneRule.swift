import Wording

/// A rule for all years, as `TZ` and the last line of a TZif file have it, such as
/// `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// Source: tzset(3); <https://www.rfc-editor.org/rfc/rfc9636#section-3.3> allows changes up to a
/// week before or after their day.
struct ZoneRule: Hashable, Sendable {
    /// How far the clocks are ahead of UTC in standard time, in seconds.
    private let standard: Int
    /// The same in summer time, and when it begins and ends; nil without one.
    private let summer: Summer?

    private struct Summer: Hashable {
        let offset: Int
        let start, end: Change
    }

    /// Always the same time.
    init(standard: Int) {
        (self.standard, summer) = (standard, nil)
    }

    /// The rule of a text; nil when it is none.
    init?(_ text: String) {
        var scanner = Scanner(text[...])
        guard scanner.zoneName(), let behind = scanner.clock() else { return nil }
        standard = -behind
        if scanner.isAtEnd {
            summer = nil
            return
        }
        guard scanner.zoneName() else { return nil }
        var offset = standard + 3600
        if !scanner.isNext(",") {
            guard let behind = scanner.clock() else { return nil }
            offset = -behind
        }
        guard scanner.take(","), let start = Change(&scanner), scanner.take(","),
            let end = Change(&scanner), scanner.isAtEnd
        else { return nil }
        summer = Summer(offset: offset, start: start, end: end)
    }

    /// How many seconds the clocks are ahead of UTC.
    func offset(at second: Int64) -> Int {
        guard let summer else { return standard }
        let days = ClockText.floorDivide(second + Int64(standard), 86_400).quotient
        let year = CivilDate(daysSinceEpoch: days).components.year
        // The last change of those of this and the years beside it.
        var newest: (at: Int64, offset: Int) = (.min, standard)
        for year in (year - 1)...(year + 1) {
            let changes = [
                (summer.end.second(of: year) - Int64(summer.offset), standard),
                (summer.start.second(of: year) - Int64(standard), summer.offset),
            ]
            // At the same moment summer begins again: that is how a summer without end is written.
            for (at, offset) in changes where at <= second && at >= newest.at {
                newest = (at, offset)
            }
        }
        return newest.offset
    }
}

/// When clocks change in a year.
private struct Change: Hashable {
    private enum Day: Hashable {
        /// 1 to 365, 29 February not counted.
        case withoutLeapDay(Int)
        /// 0 to 365.
        case ofYear(Int)
        /// A weekday (0 is Sunday) of a week of a month, 5 for the last.
        case weekday(Int, week: Int, month: Int)
    }

    private let day: Day
    /// Seconds after midnight, by the clocks before the change.
    private let time: Int

    init?(_ scanner: inout Scanner) {
        if scanner.take("J") {
            guard let number = scanner.digits(1...3), (1...365).contains(number) else { return nil }
            day = .withoutLeapDay(number)
        } else if scanner.take("M") {
            guard let month = scanner.digits(1...2), scanner.take("."),
                let week = scanner.digits(1...1), scanner.take("."),
                let weekday = scanner.digits(1...1), (1...12).contains(month),
                (1...5).contains(week), weekday < 7
            else { return nil }
            day = .weekday(weekday, week: week, month: month)
        } else {
            guard let number = scanner.digits(1...3), number < 366 else { return nil }
            day = .ofYear(number)
        }
        guard scanner.take("/") else {
            time = 2 * 3600
            return
        }
        guard let time = scanner.clock() else { return nil }
        self.time = time
    }

    /// When it is in a year, in seconds since 1970 of the clocks before the change.
    func second(of year: Int) -> Int64 {
        let date: CivilDate?
        switch day {
        case .ofYear(let number):
            date = CivilDate(year: year, month: 1, day: 1)?.adding(days: Int64(number))
        case .withoutLeapDay(let number):
            let isLeap = number >= 60 && CivilDate(year: year, month: 2, day: 29) != nil
            date = CivilDate(year: year, month: 1, day: 1)?
                .adding(days: Int64(number - 1 + (isLeap ? 1 : 0)))
        case .weekday(let weekday, let week, let month):
            let first = CivilDate(year: year, month: month, day: 1)
            let ahead = (weekday + 7 - (first?.weekday ?? 0) % 7) % 7
            let found = first?.adding(days: Int64(ahead + 7 * (week - 1)))
            // A fifth one that is in the next month is the fourth.
            date = found?.components.month == month ? found : found?.adding(days: -7)
        }
        return (date?.daysSinceEpoch ?? 0) * 86_400 + Int64(time)
    }
}

extension Scanner {
    /// Goes past the abbreviation of a zone: letters, or anything within angle brackets.
    fileprivate mutating func zoneName() -> Bool {
        if take("<") { return skip { $0 != ">" } >= 3 && take(">") }
        return skip { $0.isASCII && $0.isLetter } >= 3
    }

    /// `H`, `HH:MM` or `HH:MM:SS`, perhaps with a sign, in seconds.
    fileprivate mutating func clock() -> Int? {
        let negative = take("-")
        if !negative { _ = take("+") }
        guard let hours = digits(1...3), hours <= 167 else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] where take(":") {
            guard let part = digits(1...2), part < 60 else { return nil }
            seconds += part * unit
        }
        return negative ? -seconds : seconds
    }
}
