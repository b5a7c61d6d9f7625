import Queries
import Reporting
import Testing
import Wording

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

    /// Zones whose days begin at 01:00 when summer does, and some in which midnight comes twice.
    @Test(
        arguments: [
            ("Africa/Cairo", "2024-04-26"), ("America/Santiago", "2024-09-08"),
            ("America/Havana", "2026-03-08"), ("America/Havana", "2026-11-01"),
            ("Asia/Beirut", "2026-03-29"), ("Asia/Beirut", "2026-10-25"),
            ("Europe/Berlin", "2026-03-29"),
        ]
    )
    func `no hour is lost around a midnight that clocks skip`(name: String, day: String) throws {
        let zone = try Zone(named: name)
        let now = try now("2028-01-01")
        let since = try TimeExpression(now: now, zone: zone).resolve(day)
        for (start, days) in [(0, 1), (0, 3), (1, 1), (-3, 3), (-1, 2), (-2, 7), (2, 7)] {
            let first = zone.date(at: since).adding(days: Int64(start))
            var period = try ReportPeriod(
                Window(
                    since: zone.instant(of: first),
                    until: zone.instant(of: first.adding(days: Int64(days))), zone: zone),
                now: now)
            #expect(period.window.days == Int64(days))
            for _ in 0..<4 {
                #expect(period.previous.until == period.window.since)
                #expect(
                    zone.instant(of: zone.date(at: period.previous.since)) == period.previous.since)
                #expect(period.previous.days == Int64(days))
                period = try ReportPeriod(period.previous, now: now)
            }
        }
    }

    @Test func `the day after one that a zone left out is compared with as much time`() throws {
        let zone = try Zone(named: "Pacific/Apia")
        let now = try now("2028-01-01")
        let window = try Window(since: "2011-12-31", until: "2012-01-01", zone: zone, now: now)
        let period = try ReportPeriod(window, now: now)
        #expect(period.previous.until == window.since)
        #expect(period.previous.length == window.length)
    }

    @Test func `a running period that began at a skipped midnight is compared from midnight on`()
        throws
    {
        let zone = try Zone(named: "Africa/Cairo")
        let now = try now("2024-04-26T10:00:00Z")
        let window = try Window(since: "2024-04-26", until: "2024-04-27", zone: zone, now: now)
        let period = try ReportPeriod(window, now: now)
        #expect(
            period.previous.text
                == "2024-04-25 00:00:00 to 2024-04-25 13:00:00 Africa/Cairo (13h)")
    }

    @Test func `a ledger that began in the running week is reported from its beginning`() throws {
        let zone = try Zone(named: "Europe/Berlin")
        // A Wednesday.
        let now = try now("2026-10-28T13:00:00Z")
        func label(_ first: String?) throws -> String {
            let first = try first.map { try self.now($0) }
            return try ReportPeriod(usualIn: zone, since: first, now: now).label
        }
        #expect(try label("2026-10-25T23:00:00Z") == "2026-W44")
        #expect(try label("2026-10-28T12:59:59Z") == "2026-W44")
        #expect(try label("2026-10-25T22:59:59Z") == "2026-W43")
        #expect(try label(nil) == "2026-W43")
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
