import Queries
import Testing

@Suite("Times to come as people write them")
struct TimeToComeTests {
    /// Friday, 2026-09-18 14:03:07.25 in UTC.
    private let now = Instant(microseconds: 1_789_740_187_250_000)

    private func resolve(_ text: String, _ zone: String = "UTC") throws -> TimeToCome {
        try TimeToCome(text, now: now, zone: Zone(named: zone))
    }

    @Test(
        arguments: [
            ("+2h", "2026-09-18T16:03:07.250000Z"),
            ("+1h30m", "2026-09-18T15:33:07.250000Z"),
            ("+7d", "2026-09-25T14:03:07.250000Z"),
            ("14:03", "2026-09-19T14:03:00.000000Z"),
            ("14:04", "2026-09-18T14:04:00.000000Z"),
            ("07:00", "2026-09-19T07:00:00.000000Z"),
            ("07:00-11:00", "2026-09-18T18:00:00.000000Z"),
            ("Mon 07:00", "2026-09-21T07:00:00.000000Z"),
            ("monday 07:00", "2026-09-21T07:00:00.000000Z"),
            ("Mon", "2026-09-21T00:00:00.000000Z"),
            ("Fri 18:00", "2026-09-18T18:00:00.000000Z"),
            ("Fri 14:00", "2026-09-25T14:00:00.000000Z"),
            ("fri", "2026-09-25T00:00:00.000000Z"),
            ("Thu 23:59:59", "2026-09-24T23:59:59.000000Z"),
            ("today 18:00", "2026-09-18T18:00:00.000000Z"),
            ("tomorrow", "2026-09-19T00:00:00.000000Z"),
            ("tomorrow 07:00", "2026-09-19T07:00:00.000000Z"),
            ("2026-10-26", "2026-10-26T00:00:00.000000Z"),
            ("2026-10-26 07:00", "2026-10-26T07:00:00.000000Z"),
            ("2026-10-26T07:00:00+01:00", "2026-10-26T06:00:00.000000Z"),
            ("2026-W44", "2026-10-26T00:00:00.000000Z"),
            ("@1789800000", "2026-09-19T06:40:00.000000Z"),
            ("-2h", "2026-09-18T12:03:07.250000Z"),
        ]
    )
    func `every form means the next moment it names`(text: String, expected: String) throws {
        let time = try resolve(text)
        #expect(time.instant.rfc3339 == expected)
        #expect(time.change == nil)
    }

    @Test(arguments: [
        "", "+", "+2", "2x", "Mo 07:00", "Mon 7:00", "Mon 25:00", "Mon  07:00 x", "tomorrow x",
        "2026-13-01", "2026-10-26x07:00", "someday",
    ])
    func `what is no time is refused`(text: String) {
        #expect(throws: TimeError.self) { try resolve(text) }
    }

    @Test(
        arguments: [
            // Europe/Paris goes forward on 2027-03-28 at 02:00 and back on 2026-10-25 at 03:00.
            (
                "2027-03-28 02:30", "Europe/Paris", "2027-03-28T01:00:00.000000Z",
                ClockChange.skipped
            ),
            ("2027-03-28 02:00", "Europe/Paris", "2027-03-28T01:00:00.000000Z", .skipped),
            ("2027-03-28 03:00", "Europe/Paris", "2027-03-28T01:00:00.000000Z", nil),
            ("2027-03-28 01:59", "Europe/Paris", "2027-03-28T00:59:00.000000Z", nil),
            ("2026-10-25 02:30", "Europe/Paris", "2026-10-25T00:30:00.000000Z", .repeated),
            ("2026-10-25 03:00", "Europe/Paris", "2026-10-25T02:00:00.000000Z", nil),
            // America/Santiago goes forward on 2027-09-05 at 00:00 and back on 2027-04-04 at 00:00.
            ("2027-09-05", "America/Santiago", "2027-09-05T04:00:00.000000Z", .skipped),
            ("2027-09-05 00:30", "America/Santiago", "2027-09-05T04:00:00.000000Z", .skipped),
            ("2027-09-05 01:00", "America/Santiago", "2027-09-05T04:00:00.000000Z", nil),
            ("2027-04-03 23:30", "America/Santiago", "2027-04-04T02:30:00.000000Z", .repeated),
            ("2027-04-04 00:00", "America/Santiago", "2027-04-04T04:00:00.000000Z", nil),
            ("2027-03-28 02:30+01:00", "Europe/Paris", "2027-03-28T01:30:00.000000Z", nil),
        ] as [(String, String, String, ClockChange?)]
    )
    func `clocks that change have a rule`(
        text: String, zone: String, expected: String, change: ClockChange?
    ) throws {
        let time = try resolve(text, zone)
        #expect(time.instant.rfc3339 == expected)
        #expect(time.change == change)
    }

    @Test func `a weekday that begins with a skipped hour begins with its first moment`() throws {
        // Saturday, 2027-09-04 12:00 UTC, the day before Santiago's clocks go forward at midnight.
        let saturday = try TimeToCome("2027-09-04T12:00:00Z", now: now, zone: .utc).instant
        let zone = try Zone(named: "America/Santiago")
        let time = try TimeToCome("Sun", now: saturday, zone: zone)
        #expect(time.instant.rfc3339 == "2027-09-05T04:00:00.000000Z")
        #expect(time.change == .skipped)
    }
}
