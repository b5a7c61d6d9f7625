import Queries
import Reporting
import Testing

@Suite("The period of a report")
struct ReportPeriodTests {
    private static let hour: Int64 = 3_600_000_000

    private func now(_ text: String) throws -> Instant {
        try TimeExpression(now: Instant(microseconds: 0), zone: .utc).resolve(text)
    }

    private func period(_ week: String, _ zone: String, now text: String) throws -> ReportPeriod {
        try ReportPeriod(week: week, zone: Zone(named: zone), now: now(text))
    }

    @Test(
        arguments: [
            ("2020-W53", "2020-12-28", "2020-W52"), ("2021-W01", "2021-01-04", "2020-W53"),
            ("2025-W01", "2024-12-30", "2024-W52"), ("2026-W01", "2025-12-29", "2025-W52"),
            ("2026-W53", "2026-12-28", "2026-W52"), ("2027-W01", "2027-01-04", "2026-W53"),
        ]
    )
    func `weeks at the ends of years are those of ISO 8601, and so are earlier weeks`(
        week: String, monday: String, previous: String
    ) throws {
        let period = try period(week, "UTC", now: "2028-01-01")
        #expect(period.label == week)
        #expect(period.window.since.rfc3339 == "\(monday)T00:00:00.000000Z")
        #expect(period.window.length == 168 * Self.hour)
        #expect(period.previousLabel == previous)
        #expect(period.comparison == "against \(previous)")
        #expect(period.previous.until == period.window.since)
        #expect(period.previous.length == 168 * Self.hour)
    }

    @Test func `weeks in which clocks change are compared with whole weeks of another length`()
        throws
    {
        let spring = try period("2026-W13", "Europe/Berlin", now: "2027-01-01")
        #expect(spring.window.length == 167 * Self.hour)
        #expect(spring.previous.length == 168 * Self.hour)
        let autumn = try period("2026-W43", "Europe/Berlin", now: "2027-01-01")
        #expect(autumn.window.length == 169 * Self.hour)
        let after = try period("2026-W44", "Europe/Berlin", now: "2027-01-01")
        #expect(after.window.length == 168 * Self.hour)
        #expect(after.previous.length == 169 * Self.hour)
        #expect(
            after.trendWeeks.map { $0.length / Self.hour } == [
                168, 168, 168, 168, 168, 168, 169, 168,
            ])
        #expect(after.previousLabel == "2026-W43")
    }

    @Test func `a running week is compared with the same part, by weekday and time of day`() throws
    {
        // Wednesday, 14:00 in Berlin, in the week after clocks went back.
        let period = try period("this-week", "Europe/Berlin", now: "2026-10-28T13:00:00Z")
        #expect(period.label == "2026-W44")
        #expect(period.isRunning)
        #expect(period.comparison == "so far, against the same part of 2026-W43")
        #expect(
            period.previous.text
                == "2026-10-19 00:00:00 to 2026-10-21 14:00:00 Europe/Berlin (2d14h)")
        #expect(period.knownUntil.rfc3339 == "2026-10-28T13:00:00.000000Z")
        #expect(period.trendWeeks.count == 8)
        #expect(period.trendWeeks.last == period.window)
    }

    @Test func `any other window is compared with as much time before it, in calendar days`() throws
    {
        let zone = try Zone(named: "Europe/Berlin")
        let now = try now("2026-12-01")
        func make(_ since: String, _ until: String) throws -> ReportPeriod {
            try ReportPeriod(
                Window(since: since, until: until, zone: zone, now: now), now: now)
        }
        // Five days, of which the last has 25 hours.
        let days = try make("2026-10-21", "2026-10-26")
        #expect(days.window.length == 121 * Self.hour)
        #expect(
            days.previous.text == "2026-10-16 00:00:00 to 2026-10-21 00:00:00 Europe/Berlin (5d)")
        let hours = try make("2026-10-21 10:00", "2026-10-21 16:00")
        #expect(hours.previousLabel == "2026-10-21 04:00:00 to 2026-10-21 10:00:00")
        #expect(hours.label == "2026-10-21 10:00:00 to 2026-10-21 16:00:00")
        // A week by its ends is that week.
        #expect(try make("2026-W40", "2026-W41").label == "2026-W40")
    }

    @Test func `a text that is not a week and a week still to come are refused`() throws {
        for text in ["today", "2026-09-14", "7d", "@0", "now"] {
            #expect(throws: TimeError.self) { try period(text, "UTC", now: "2026-09-14") }
        }
        #expect(throws: TimeError.self) { try period("2026-W54", "UTC", now: "2026-09-14") }
        #expect(throws: TimeError.notBegun("2027-01-04 00:00:00 UTC")) {
            try period("2027-W01", "UTC", now: "2026-09-14")
        }
    }
}
