import Queries
import Reporting
import Testing

@Suite("Times as people write them")
struct TimeExpressionTests {
    /// Friday, 2026-09-18 14:03:07.25 in UTC.
    private let now = Instant(microseconds: 1_789_740_187_250_000)

    private func resolve(_ text: String, _ zone: String = "UTC") throws -> String {
        try TimeExpression(now: now, zone: Zone(named: zone)).resolve(text).rfc3339
    }

    @Test(
        arguments: [
            ("now", "2026-09-18T14:03:07.250000Z"),
            ("today", "2026-09-18T00:00:00.000000Z"),
            ("yesterday", "2026-09-17T00:00:00.000000Z"),
            ("this-week", "2026-09-14T00:00:00.000000Z"),
            ("last-week", "2026-09-07T00:00:00.000000Z"),
            ("2026-W38", "2026-09-14T00:00:00.000000Z"),
            ("-2h", "2026-09-18T12:03:07.250000Z"),
            ("2h", "2026-09-18T12:03:07.250000Z"),
            ("1h30m", "2026-09-18T12:33:07.250000Z"),
            ("7d", "2026-09-11T14:03:07.250000Z"),
            ("1w", "2026-09-11T14:03:07.250000Z"),
            ("90s", "2026-09-18T14:01:37.250000Z"),
            ("2h ago", "2026-09-18T12:03:07.250000Z"),
            ("2 hours ago", "2026-09-18T12:03:07.250000Z"),
            ("1 day 3 hours ago", "2026-09-17T11:03:07.250000Z"),
            ("90 min ago", "2026-09-18T12:33:07.250000Z"),
            ("1h30m ago", "2026-09-18T12:33:07.250000Z"),
            ("1 second ago", "2026-09-18T14:03:06.250000Z"),
            ("10:31", "2026-09-18T10:31:00.000000Z"),
            ("10:31:02.5", "2026-09-18T10:31:02.500000Z"),
            ("14:03", "2026-09-18T14:03:00.000000Z"),
            ("14:04", "2026-09-17T14:04:00.000000Z"),
            ("00:00", "2026-09-18T00:00:00.000000Z"),
            ("10:31Z", "2026-09-18T10:31:00.000000Z"),
            ("23:30+14:00", "2026-09-18T09:30:00.000000Z"),
            ("06:00-11:00", "2026-09-17T17:00:00.000000Z"),
            ("today 10:31", "2026-09-18T10:31:00.000000Z"),
            ("yesterday 10:31", "2026-09-17T10:31:00.000000Z"),
            ("yesterday 10:31:02", "2026-09-17T10:31:02.000000Z"),
            ("@0", "1970-01-01T00:00:00.000000Z"),
            ("@1789700000", "2026-09-18T02:53:20.000000Z"),
            ("@1789700000.5", "2026-09-18T02:53:20.500000Z"),
            ("@-1", "1969-12-31T23:59:59.000000Z"),
            ("2026-09-18", "2026-09-18T00:00:00.000000Z"),
            ("2026-09-18 14:00", "2026-09-18T14:00:00.000000Z"),
            ("2026-09-18 14:00:01", "2026-09-18T14:00:01.000000Z"),
            ("2026-09-18T14:00:01", "2026-09-18T14:00:01.000000Z"),
            ("2026-09-18T14:00:01Z", "2026-09-18T14:00:01.000000Z"),
            ("2026-09-18t14:00:01.000250z", "2026-09-18T14:00:01.000250Z"),
            ("2026-09-18T14:00:01.1234567+02:00", "2026-09-18T12:00:01.123456Z"),
            ("2026-09-18 14:00 -03:30", "2026-09-18T17:30:00.000000Z"),
            ("2024-02-29", "2024-02-29T00:00:00.000000Z"),
        ]
    )
    func `every form means the moment it names`(text: String, expected: String) throws {
        #expect(try resolve(text) == expected)
    }

    @Test(
        arguments: [
            ("today", "Asia/Tokyo", "2026-09-17T15:00:00.000000Z"),
            ("today", "America/Los_Angeles", "2026-09-18T07:00:00.000000Z"),
            ("this-week", "Europe/Berlin", "2026-09-13T22:00:00.000000Z"),
            ("2026-09-18 14:00", "Europe/Berlin", "2026-09-18T12:00:00.000000Z"),
            ("2026-09-18T14:00:00Z", "Europe/Berlin", "2026-09-18T14:00:00.000000Z"),
            ("2026-01-18 14:00", "Europe/Berlin", "2026-01-18T13:00:00.000000Z"),
        ]
    )
    func `days and weeks are those of the zone, even when it is another day there`(
        text: String, zone: String, expected: String
    ) throws {
        #expect(try resolve(text, zone) == expected)
    }

    @Test(
        arguments: [
            ("10:31", "Europe/Berlin", "2026-09-18T08:31:00.000000Z"),
            ("16:03", "Europe/Berlin", "2026-09-18T14:03:00.000000Z"),
            ("16:04", "Europe/Berlin", "2026-09-17T14:04:00.000000Z"),
            ("10:31", "Asia/Tokyo", "2026-09-18T01:31:00.000000Z"),
            ("23:30", "Asia/Tokyo", "2026-09-17T14:30:00.000000Z"),
            ("yesterday 10:31", "America/Los_Angeles", "2026-09-17T17:31:00.000000Z"),
        ]
    )
    func `a time of day is that of the zone's last one`(
        text: String, zone: String, expected: String
    ) throws {
        #expect(try resolve(text, zone) == expected)
    }

    @Test func `amounts are exact lengths, words are calendar days, when clocks change`() throws {
        // 2026-03-29 14:00 in Berlin, eleven hours after clocks went forward.
        let now = Instant(microseconds: 1_774_785_600_000_000)
        let expression = TimeExpression(now: now, zone: try Zone(named: "Europe/Berlin"))
        #expect(try expression.resolve("1d").rfc3339 == "2026-03-28T12:00:00.000000Z")
        #expect(try expression.resolve("today").rfc3339 == "2026-03-28T23:00:00.000000Z")
        #expect(try expression.resolve("yesterday").rfc3339 == "2026-03-27T23:00:00.000000Z")
    }

    @Test func `a time that comes twice is the first, one that does not come is moved on`() throws {
        #expect(try resolve("2026-10-25 02:30", "Europe/Berlin") == "2026-10-25T00:30:00.000000Z")
        #expect(try resolve("2026-03-29 02:30", "Europe/Berlin") == "2026-03-29T01:30:00.000000Z")
        // Clocks in Beirut go forward at midnight: the day starts at 01:00.
        #expect(try resolve("2024-03-31", "Asia/Beirut") == "2024-03-30T22:00:00.000000Z")
        // Samoa left this day out.
        #expect(try resolve("2011-12-30", "Pacific/Apia") == "2011-12-30T10:00:00.000000Z")
    }

    @Test(
        arguments: [
            ("2026-W01", "2025-12-29T00:00:00.000000Z"),
            ("2026-W53", "2026-12-28T00:00:00.000000Z"),
            ("2027-W01", "2027-01-04T00:00:00.000000Z"),
            ("2025-W01", "2024-12-30T00:00:00.000000Z"),
            ("2020-W53", "2020-12-28T00:00:00.000000Z"),
            ("2021-W01", "2021-01-04T00:00:00.000000Z"),
        ]
    )
    func `ISO weeks around New Year belong to the year of their Thursday`(
        text: String, expected: String
    ) throws {
        #expect(try resolve(text) == expected)
    }

    @Test(
        arguments: [
            "", " ", "foo", "12", "-", "-2", "2x", "h", "2026", "2026-9-18", "2026-09-18T", "@",
            "@x", "@1.", "2026-09-18 14", "2026-09-18 14:00:00.", "2026-09-18T14:00:00+2",
            "2026-09-18T14:00:00Zjunk", "2026-W3", "٢٠٢٦-09-18", "20260918", "ago", "2 ago", " ago",
            "-2h ago", "2 fortnights ago", "hours ago", "2 hours",
            "10:31x", "1:31", "10:3", "yesterday 10", "yesterday  10:31", "now ago",
        ]
    )
    func `a text that is not a time is refused`(text: String) throws {
        #expect(throws: TimeError.unreadable(text)) { try resolve(text) }
    }

    @Test(
        arguments: [
            "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-09-18 24:00",
            "2026-09-18 12:60", "2026-09-18 12:00:60", "2025-W53", "2026-W00", "2026-W54",
            "24:00", "25:99", "10:60", "yesterday 24:00", "999999999w ago", "999999999w",
            "@999999999999",
        ]
    )
    func `a date that does not exist is refused`(text: String) throws {
        #expect(throws: (any Error).self) { try resolve(text) }
    }

    @Test func `an unknown zone is refused, and so is an abbreviation that means several`() {
        for name in ["Mars/Olympus", "CST", "", "../etc/passwd", "+02:00"] {
            #expect(throws: TimeError.unknownZone(name)) { try Zone(named: name) }
        }
    }
}
