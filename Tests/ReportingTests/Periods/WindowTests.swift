import JSON
import Queries
import Reporting
import Testing

@Suite("Windows")
struct WindowTests {
    private let now = Instant(microseconds: 1_789_740_187_000_000)

    private func window(_ since: String?, _ until: String?, _ zone: String) throws -> Window {
        try Window(since: since, until: until, zone: Zone(named: zone), now: now)
    }

    @Test func `a window without ends is the last seven days, and says so`() throws {
        let window = try window(nil, nil, "UTC")
        #expect(window.until == now)
        #expect(window.text == "2026-09-11 14:03:07 to 2026-09-18 14:03:07 UTC (7d)")
        #expect(
            window.json.line
                == #"{"since":"2026-09-11T14:03:07.000000Z","until":"2026-09-18T14:03:07.000000Z","#
                + #""timezone":"UTC","length_seconds":604800}"#)
    }

    @Test func `a window with an end alone is the seven days before it`() throws {
        #expect(try window(nil, "2026-09-15", "UTC").since.rfc3339 == "2026-09-08T00:00:00.000000Z")
    }

    @Test func `a day as the end means its first moment, so D to D+1 is day D`() throws {
        let window = try window("2026-09-18", "2026-09-19", "Europe/Berlin")
        #expect(
            window.text == "2026-09-18 00:00:00 to 2026-09-19 00:00:00 Europe/Berlin (1d)")
        #expect(window.since.rfc3339 == "2026-09-17T22:00:00.000000Z")
    }

    @Test func `weeks in which clocks change have 167 and 169 hours`() throws {
        let hour: Int64 = 3_600_000_000
        #expect(try window("2026-W13", "2026-W14", "Europe/Berlin").length == 167 * hour)
        #expect(try window("2026-W43", "2026-W44", "Europe/Berlin").length == 169 * hour)
        #expect(try window("2026-W43", "2026-W44", "UTC").length == 168 * hour)
    }

    @Test func `a window of days says how many of the calendar, another one its length`() throws {
        #expect(try window("2026-W43", "2026-W44", "Europe/Berlin").text.hasSuffix(" (7d)"))
        #expect(try window("2026-09-01", "2026-11-08", "Europe/Berlin").text.hasSuffix(" (68d)"))
        #expect(try window("2024-04-26", "2024-04-27", "Africa/Cairo").text.hasSuffix(" (1d)"))
        #expect(
            try window("2026-10-25 01:00", "2026-10-26 01:00", "Europe/Berlin").text
                .hasSuffix(" (1d01h)"))
    }

    @Test(
        arguments: [
            ("Europe/Berlin", "2025-10-26T00:29:00Z", "2025-10-26 02:29:00 +02:00"),
            ("Europe/Berlin", "2025-10-26T01:29:00Z", "2025-10-26 02:29:00 +01:00"),
            ("Europe/Berlin", "2025-10-25T23:59:59Z", "2025-10-26 01:59:59"),
            ("Europe/Berlin", "2025-10-26T02:00:00Z", "2025-10-26 03:00:00"),
            ("Europe/Berlin", "2025-03-30T01:00:00Z", "2025-03-30 03:00:00"),
            ("Europe/London", "2025-10-26T01:30:00Z", "2025-10-26 01:30:00 UTC"),
            ("Australia/Lord_Howe", "2026-04-04T15:15:00Z", "2026-04-05 01:45:00 +10:30"),
            ("Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-05 01:45:00 +11:00"),
            ("Australia/Lord_Howe", "2026-04-04T14:15:00Z", "2026-04-05 01:15:00"),
            ("America/Havana", "2026-11-01T05:10:00Z", "2026-11-01 00:10:00 -05:00"),
            ("Europe/Berlin", "2060-10-31T01:10:00Z", "2060-10-31 02:10:00 +01:00"),
            ("UTC", "2025-10-26T01:30:00Z", "2025-10-26 01:30:00"),
        ]
    )
    func `a time that clocks show twice has its offset, any other has not`(
        zone: String, moment: String, text: String
    ) throws {
        let instant = try TimeExpression(now: now, zone: .utc).resolve(moment)
        #expect(try Zone(named: zone).shortText(instant) == text)
    }

    @Test func `texts and tables distinguish the two passes of a repeated hour`() throws {
        let window = try window(
            "2025-10-26T02:30:00+02:00", "2025-10-26T02:30:00+01:00", "Europe/Berlin")
        #expect(
            window.text == "2025-10-26 02:30:00 +02:00 to 2025-10-26 02:30:00 +01:00 "
                + "Europe/Berlin (1h)")
        let table = Table(
            columns: [.init("at", title: "AT")],
            rows: [[.time(window.since)], [.time(window.until)]])
        #expect(
            TextRenderer(zone: window.zone).render(table)
                == "AT\n2025-10-26 02:30:00 +02:00\n2025-10-26 02:30:00 +01:00\n")
    }

    @Test func `an end that is not after the start is refused`() {
        #expect(throws: TimeError.self) { try window("today", "today", "UTC") }
        #expect(throws: TimeError.self) { try window("now", "-1h", "UTC") }
    }

    @Test func `a list's window may be open at both ends`() throws {
        let open = try PartialWindow(since: nil, until: nil, zone: .utc, now: now)
        #expect(open.text == "all times, UTC")
        let half = try PartialWindow(since: "today", until: nil, zone: .utc, now: now)
        #expect(half.text == "since 2026-09-18 00:00:00, UTC")
        #expect(half.json.line.contains(#""until":null"#))
    }
}
