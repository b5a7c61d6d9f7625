import Testing
import Wording

@Suite("Days")
struct CivilDateTests {
    @Test func `every day of 60 years comes back the same, and weeks go on without a gap`() throws {
        var date = try #require(CivilDate(year: 1999, month: 12, day: 31))
        for _ in 0..<(60 * 366) {
            let parts = date.components
            #expect(CivilDate(year: parts.year, month: parts.month, day: parts.day) == date)
            let week = date.isoWeek
            #expect(CivilDate(isoYear: week.year, week: week.week) == date.monday)
            date = date.adding(days: 1)
        }
    }
}

@Suite("Moments as RFC 3339")
struct RFC3339Tests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"),
            (-1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999999Z"),
            (1_789_740_187_250_000, "2026-09-18T14:03:07Z", "2026-09-18T14:03:07.250000Z"),
            (951_782_399_999_999, "2000-02-28T23:59:59Z", "2000-02-28T23:59:59.999999Z"),
            (951_782_400_000_001, "2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000001Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999Z"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
        ] as [(Int64, String, String)]
    )
    func `moments are cut to the second, or have six digits so that they sort as text`(
        microseconds: Int64, seconds: String, exact: String
    ) {
        #expect(RFC3339.toTheSecond(microseconds) == seconds)
        #expect(RFC3339.toTheMicrosecond(microseconds) == exact)
    }

    @Test func `a clock shows the day of its zone`() {
        let clock = ClockText(1_789_740_187_250_000, offsetSeconds: 10 * 3600)
        #expect(clock.date == "2026-09-19")
        #expect(clock.time == "00:03:07")
        #expect(clock.microseconds == 250_000)
    }
}
