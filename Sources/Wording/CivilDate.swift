/// A day of the Gregorian calendar, without time and zone.
///
/// The conversions are the well-known ones with eras of 400 years that start in March, so that the
/// leap day is the last day of a year; they hold for every year a ledger can contain.
package struct CivilDate: Hashable, Comparable, Sendable {
    /// The days between 1970-01-01 and this day; negative before it.
    package let daysSinceEpoch: Int64

    /// The day that many days after 1970-01-01.
    package init(daysSinceEpoch: Int64) {
        self.daysSinceEpoch = daysSinceEpoch
    }

    /// The given day; nil when the calendar has no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let date = CivilDate(daysSinceEpoch: era * 146_097 + dayOfEra - 719_468)
        guard date.components == (year, month, day) else { return nil }
        self = date
    }

    /// The Monday of an ISO 8601 week; nil when the year has no such week.
    package init?(isoYear: Int, week: Int) {
        // 4 January is in week 1, whatever day it is.
        guard (1...53).contains(week),
            let anchor = CivilDate(year: isoYear, month: 1, day: 4)
        else { return nil }
        let monday = anchor.monday.adding(days: Int64(week - 1) * 7)
        guard monday.isoWeek == (isoYear, week) else { return nil }
        self = monday
    }

    /// Year, month and day.
    package var components: (year: Int, month: Int, day: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        return (Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month, day)
    }

    /// The day of the week, 1 for Monday to 7 for Sunday.
    package var weekday: Int {
        // 1970-01-01 was a Thursday.
        let index = (daysSinceEpoch + 3) % 7
        return Int(index < 0 ? index + 7 : index) + 1
    }

    /// The Monday of the week this day is in.
    package var monday: CivilDate { adding(days: Int64(1 - weekday)) }

    /// The ISO 8601 year and week; the year may differ from the calendar's around New Year.
    package var isoWeek: (year: Int, week: Int) {
        let thursday = monday.adding(days: 3)
        let year = thursday.components.year
        guard let newYear = CivilDate(year: year, month: 1, day: 1) else { return (year, 1) }
        return (year, Int((thursday.daysSinceEpoch - newYear.daysSinceEpoch) / 7) + 1)
    }

    /// The day that many days later.
    package func adding(days: Int64) -> CivilDate {
        CivilDate(daysSinceEpoch: daysSinceEpoch + days)
    }

    /// Whether one day is before another.
    package static func < (left: CivilDate, right: CivilDate) -> Bool {
        left.daysSinceEpoch < right.daysSinceEpoch
    }
}
