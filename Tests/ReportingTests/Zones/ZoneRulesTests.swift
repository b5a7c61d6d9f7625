@testable import Queries
import SystemCalls
import Testing

@Suite("Rules of zones")
struct ZoneRulesTests {
    private func offset(_ rule: String, _ moment: String) throws -> Int {
        let at = try TimeExpression(now: Instant(microseconds: 0), zone: .utc).resolve(moment)
        return try #require(ZoneRule(rule)).offset(at: at.microseconds / 1_000_000)
    }

    @Test(
        arguments: [
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z", 3600),
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z", 7200),
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T01:00:00Z", 3600),
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-01T00:00:00Z", 39600),
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-07-01T00:00:00Z", 37800),
            // Changes before and after their day.
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7200),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3600),
            // Standard time is the summer's, winter goes back.
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-12-24T00:00:00Z", 0),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-06-24T00:00:00Z", 3600),
            // A summer without end.
            ("EST5EDT,0/0,J365/25", "2026-12-31T23:30:00Z", -14400),
            ("EST5EDT,0/0,J365/25", "2027-01-01T04:00:00Z", -14400),
            ("ABC0DEF,J60,J300", "2028-03-01T01:59:59Z", 0),
            ("ABC0DEF,J60,J300", "2028-03-01T02:00:00Z", 3600),
            ("ABC0DEF,59,300", "2028-02-29T02:00:00Z", 3600),
            ("<+0545>-5:45", "2026-01-01T00:00:00Z", 20700),
        ]
    )
    func `a rule of POSIX says how far clocks are ahead`(
        rule: String, moment: String, expected: Int
    ) throws {
        #expect(try offset(rule, moment) == expected)
    }

    @Test(
        arguments: [
            "", "CET", "CE-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.1.0,M10.5.0",
            "CET-1CEST,M3.5.0,M10.5.0/3 ", "<CET-1", "CET-168", "CET-1CEST,J0,J1", "CET--1",
        ]
    )
    func `what is no rule is none`(rule: String) {
        #expect(ZoneRule(rule) == nil)
    }

    @Test func `a file that is cut short or altered anywhere is refused or read, without a crash`()
        throws
    {
        let bytes = try FileSystem.read("\(ZoneFiles.directory)/Europe/Berlin")
        #expect(ZoneRules(file: bytes) != nil)
        let header = [UInt8]("TZif2".utf8)
        #expect(bytes.starts(with: header))
        for count in stride(from: 0, to: bytes.count - 80, by: 7) {
            #expect(ZoneRules(file: Array(bytes.prefix(count))) == nil)
        }
        for place in 0..<bytes.count {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                var altered = bytes
                altered[place] = value
                _ = ZoneRules(file: altered)?.offset(at: 1_789_740_187)
            }
        }
    }
}
