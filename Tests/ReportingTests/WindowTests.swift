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
