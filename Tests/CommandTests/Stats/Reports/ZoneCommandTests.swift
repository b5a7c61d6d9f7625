import SystemCalls
import TestSupport
import Testing

@Suite("Time zones of a machine")
struct ZoneCommandTests {
    private func metrics(_ zone: [String], _ environment: [String: String?]) throws
        -> ChildProcess.Result
    {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        return try fixture.stats(
            ["metrics", "--since", "2026-09-18 14:00"] + zone, environment: environment)
    }

    @Test func `without zone files a named zone is an error and UTC works`() throws {
        let none = ["TZDIR": "/nonexistent/zones", "TZ": "Europe/Berlin"]
        let named = try metrics(["--tz", "Europe/Berlin"], none)
        #expect(named.code == 64)
        #expect(
            named.errors.hasPrefix(
                "deploystats: cannot read the time zone 'Europe/Berlin': there is no "
                    + "/nonexistent/zones; install the package tzdata or write UTC"))
        for zone in [["--tz", "UTC"], []] {
            let universal = try metrics(zone, none)
            #expect(universal.code == 0, "\(universal.errors)")
            #expect(universal.output.contains("2026-09-18 14:00:00 to "))
            #expect(universal.output.contains(" UTC ("))
        }
    }

    @Test(
        arguments: [
            "Mars/Phobos", "Europe/", "/etc/passwd", "../../etc/passwd", "Europe/../Europe/Berlin",
            "Europe", "CST", "posix/./Europe/Berlin", "Europe/Berlin\n",
        ]
    )
    func `a name that is no zone's is refused, and no path is followed`(name: String) throws {
        let result = try metrics(["--tz", name], [:])
        #expect(result.code == 64)
        #expect(result.errors.contains("unknown time zone '"), "\(result.errors)")
    }

    @Test func `files in TZDIR are used, and a damaged one is named`() throws {
        let place = try TemporaryDirectory()
        try FileSystem.makeDirectory(place.file("Own"), mode: 0o755)
        // Version 2 without a table: the rule alone.
        let empty = [UInt8]("TZif2".utf8) + [UInt8](repeating: 0, count: 15 + 16)
        let block = empty + [0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0] + Array("ABC\0".utf8)
        let rule = Array("\n<+0123>-1:23\n".utf8)
        try FileReplacement.write(block + block + rule, to: place.file("Own/Place"))
        try FileReplacement.write(Array("nothing".utf8), to: place.file("Own/Damaged"))
        let own = try metrics(
            ["--tz", "Own/Place", "--until", "@1789740187"], ["TZDIR": place.path])
        #expect(own.output.contains(" to 2026-09-18 15:26:07 Own/Place ("), "\(own.errors)")
        let damaged = try metrics(["--tz", "Own/Damaged"], ["TZDIR": place.path])
        #expect(damaged.code == 64)
        #expect(damaged.errors.contains("\(place.file("Own/Damaged")) is damaged"))
    }

    @Test(arguments: ["CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Berlin", ":Europe/Berlin"])
    func `TZ may be a rule or a name`(variable: String) throws {
        let result = try metrics(["--until", "@1789740187"], ["TZ": variable])
        #expect(result.output.contains(" to 2026-09-18 16:03:07 "), "\(result.errors)")
    }
}
