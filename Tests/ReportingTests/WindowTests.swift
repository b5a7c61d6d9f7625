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

    @Test("Without ends it is the last seven days, and says so")
    func usual() throws {
        let window = try window(nil, nil, "UTC")
        #expect(window.until == now)
        #expect(window.text == "2026-09-11 14:03:07 to 2026-09-18 14:03:07 UTC (7d)")
        #expect(
            window.json.line
                == #"{"since":"2026-09-11T14:03:07.000000Z","until":"2026-09-18T14:03:07.000000Z","#
                + #""timezone":"UTC","length_seconds":604800}"#)
    }

    @Test("With an end alone it is the seven days before that")
    func endAlone() throws {
        #expect(try window(nil, "2026-09-15", "UTC").since.rfc3339 == "2026-09-08T00:00:00.000000Z")
    }

    @Test("A day as the end means its first moment, so D to D+1 is day D")
    func day() throws {
        let window = try window("2026-09-18", "2026-09-19", "Europe/Berlin")
        #expect(
            window.text == "2026-09-18 00:00:00 to 2026-09-19 00:00:00 Europe/Berlin (1d)")
        #expect(window.since.rfc3339 == "2026-09-17T22:00:00.000000Z")
    }

    @Test("Weeks in which clocks change have 167 and 169 hours")
    func clockChanges() throws {
        let hour: Int64 = 3_600_000_000
        #expect(try window("2026-W13", "2026-W14", "Europe/Berlin").length == 167 * hour)
        #expect(try window("2026-W43", "2026-W44", "Europe/Berlin").length == 169 * hour)
        #expect(try window("2026-W43", "2026-W44", "UTC").length == 168 * hour)
    }

    @Test("An end that is not after the start is refused")
    func empty() {
        #expect(throws: TimeError.self) { try window("today", "today", "UTC") }
        #expect(throws: TimeError.self) { try window("now", "-1h", "UTC") }
    }

    @Test("A list's window may be open at both ends")
    func partial() throws {
        let open = try PartialWindow(since: nil, until: nil, zone: .utc, now: now)
        #expect(open.text == "all times, UTC")
        let half = try PartialWindow(since: "today", until: nil, zone: .utc, now: now)
        #expect(half.text == "since 2026-09-18 00:00:00, UTC")
        #expect(half.json.line.contains(#""until":null"#))
    }
}
