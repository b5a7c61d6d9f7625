import Queries
import SystemCalls
import TestSupport
import Testing

@Suite("Zones of the system's files")
struct ZoneFilesTests {
    /// Half hours of summer time, a missing day, midnights that are skipped or come twice, offsets
    /// that are no whole hours, both ends of the earth, no summer time, Ramadan, and a negative one.
    private static let names = [
        "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo", "America/Santiago",
        "America/Havana", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati",
        "Europe/Berlin", "Europe/Dublin", "America/New_York", "Asia/Tehran", "Asia/Tokyo",
        "Africa/Casablanca", "Asia/Beirut", "Asia/Gaza", "Pacific/Chatham", "America/Nuuk",
        "Antarctica/Troll", "Africa/Monrovia", "America/Sao_Paulo", "Etc/GMT+12",
        "America/Argentina/Buenos_Aires", "Asia/Kolkata",
    ]

    /// Moments of all kinds of years, close around changes of clocks among them.
    private static func moments(_ zone: Zone, _ random: inout SeededRandom) -> [Int64] {
        let hours = (0..<40_000).map { Int64($0) * 13 * 3600 - 1_500_000_000 }
        let changes = zip(hours, hours.dropFirst()).filter { before, after in
            zone.offset(before) != zone.offset(after)
        }
        let edges = changes.flatMap { low, high -> [Int64] in
            var (low, high) = (low, high)
            while high - low > 1 {
                let middle = (low + high) / 2
                if zone.offset(middle) == zone.offset(low) { low = middle } else { high = middle }
            }
            return [high - 3600, high - 1, high, high + 1, high + 1800]
        }
        // The last ones are past every table.
        let others = (0..<400).map { _ in
            Int64.random(in: -2_500_000_000...16_000_000_000, using: &random)
        }
        return edges + others
    }

    @Test(arguments: names)
    func `a zone's clocks show what date shows, also past the table of its file`(
        name: String
    ) throws {
        var random = SeededRandom(state: 7)
        let zone = try Zone(named: name)
        let moments = Self.moments(zone, &random)
        let place = try TemporaryDirectory()
        try FileReplacement.write(
            Array(moments.map { "@\($0)\n" }.joined().utf8), to: place.file("moments"))
        let result = try ChildProcess.run(
            ["/usr/bin/date", "--file", place.file("moments"), "+%Y-%m-%d %H:%M:%S"],
            environment: ["TZ": name, "LC_ALL": "C"])
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == moments.count)
        for (moment, line) in zip(moments, lines) {
            let text = zone.shortText(Instant(microseconds: moment * 1_000_000))
            #expect(text.prefix(19) == line, "\(name) @\(moment)")
        }
    }

    @Test func `hours that clocks skip or show twice are found, in summer and in half hours`()
        throws
    {
        func text(_ day: String, _ name: String) throws -> String {
            try TimeExpression(now: Instant(microseconds: 0), zone: Zone(named: name))
                .resolve(day).rfc3339
        }
        // Twice: the first; never: as much later.
        #expect(try text("2025-10-26 02:30", "Europe/Berlin") == "2025-10-26T00:30:00.000000Z")
        #expect(try text("2025-03-30 02:30", "Europe/Berlin") == "2025-03-30T01:30:00.000000Z")
        #expect(try text("2060-03-28 02:30", "Europe/Berlin") == "2060-03-28T01:30:00.000000Z")
        #expect(
            try text("2026-04-05 01:45", "Australia/Lord_Howe") == "2026-04-04T14:45:00.000000Z")
        #expect(try text("2024-04-26", "Africa/Cairo") == "2024-04-25T22:00:00.000000Z")
        #expect(try text("2011-12-31", "Pacific/Apia") == "2011-12-30T10:00:00.000000Z")
    }
}

extension Zone {
    fileprivate func offset(_ second: Int64) -> Int {
        offsetSeconds(at: Instant(microseconds: second * 1_000_000))
    }
}
