import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import SQLite
import TestSupport
import Testing

@Suite("Delivery keys")
struct DeliveryKeysTests {
    private static let day = 86_400.0

    private func facts(_ sha: String?, lock: String = "/a") -> LedgerFixture.Facts {
        LedgerFixture.Facts(lock: lock, sha: sha)
    }

    private func ask(
        _ ledger: LedgerFixture, _ query: String, since: Double, until: Double, show: String
    ) throws -> [String] {
        try ledger.ask(
            query,
            [
                "since": .integer(LedgerFixture.instant(since).microseconds),
                "until": .integer(LedgerFixture.instant(until).microseconds),
            ], show: show)
    }

    @Test func `failures in a row are one, up to the next success under the lock`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 10, .exit(0), facts("a"))  // #1
        try ledger.add(asked: 20, wait: 0, held: 10, .exit(1), facts("b"))  // #2 ends at 30
        try ledger.add(asked: 40, wait: 0, held: 10, .signal(9), facts("b"))  // #3
        try ledger.add(asked: 45, wait: 0, held: 10, .exit(0), facts("c", lock: "/b"))
        try ledger.add(asked: 60, wait: 0, held: 30, .exit(0), facts("b"))  // #4 ends at 90
        try ledger.add(asked: 100, wait: 0, held: 10, .exit(1), facts("d"))  // #5 ends at 110
        let show = "failed_number next_number length_us"
        #expect(
            try ask(ledger, "time-until-success", since: 0, until: 200, show: show)
                == ["2 4 60", "5 - -"])
        // In the window of the success, however long ago the failure was.
        #expect(
            try ask(ledger, "time-until-success", since: 85, until: 95, show: show) == ["2 4 60"])
        // Open at the end of the window, and only where it began in it.
        #expect(
            try ask(ledger, "time-until-success", since: 25, until: 85, show: show) == ["2 - -"])
        #expect(try ask(ledger, "time-until-success", since: 35, until: 85, show: show) == [])
        #expect(try ask(ledger, "time-until-success", since: 120, until: 200, show: show) == [])
    }

    @Test func `a return is a success of a commit before the last one`() throws {
        let ledger = try LedgerFixture()
        for (index, sha) in ["a", "b", "b", "a", "a", "c", "b"].enumerated() {
            try ledger.add(asked: Double(index) * 10, wait: 0, held: 5, .exit(0), facts(sha))
        }
        // A failure in between is no success to return from.
        try ledger.add(asked: 100, wait: 0, held: 5, .exit(1), facts("c"))
        try ledger.add(asked: 110, wait: 0, held: 5, .exit(0), facts("b"))
        #expect(
            try ask(
                ledger, "returns", since: 0, until: 1000,
                show: "number sha before_number before_sha")
                == ["4 a 3 b", "7 b 6 c"])
        #expect(try ask(ledger, "returns", since: 50, until: 1000, show: "number") == ["7"])
    }

    @Test func `the lead time begins with the commit, as far as its time is known`() throws {
        let ledger = try LedgerFixture()
        func add(_ sha: String, at: Double, made: Double?) throws {
            var all = facts(sha)
            all.committedAt = made
            try ledger.add(asked: at, wait: 0, held: 10, .exit(0), all)
        }
        try add("a", at: 100, made: 40)
        try add("b", at: 200, made: nil)
        try add("a", at: 300, made: 40)
        #expect(
            try ask(ledger, "lead-time", since: 0, until: 1000, show: "sha length_us")
                == ["a 70", "b -"])
    }

    @Test func `the report has them beside the period before`() throws {
        let ledger = try LedgerFixture()
        let week = 7 * Self.day
        try ledger.add(asked: -week, wait: 0, held: 60, .exit(0), facts("z"))
        for day in 0..<3 {
            try ledger.add(
                asked: Double(day) * Self.day, wait: 0, held: 60, day == 1 ? .exit(1) : .exit(0),
                facts("a\(day)"))
        }
        let report = try PeriodReport(
            ledger.reader().connection,
            period: ReportPeriod(
                week: "2026-W38", zone: .utc, now: LedgerFixture.instant(8 * Self.day)),
            filter: ReportFilter(), isDead: { _ in false })
        let text = PeriodText().render(report)
        for line in [
            /Deployment frequency +0.29 a day +2 in 7 days, on 2 of them +0.14 a day\n/,
            /Deployment failure rate +33.3 % +1 of 3 +0 %\n/,
            /Time until the next success +p50 1d, max 1d \(n 1\) +none open +n\/a\n/,
            /Returns to an earlier commit +0 +-/,
            /Lead time +n\/a +2 without the time of their commit/,
        ] {
            #expect(text.contains(line), "\(text)")
        }
        #expect(report.json.line.contains(#""numerator":1,"denominator":3}"#))
        for page in [
            try ReportTemplate.markdown().render(report), try ReportTemplate.html().render(report),
        ] {
            #expect(page.contains("Deployment frequency"))
        }
        // Of what some people deploy nobody knows what follows a failure.
        var filter = ReportFilter()
        filter.actors = ["ann"]
        let some = try PeriodReport(
            ledger.reader().connection,
            period: ReportPeriod(
                week: "2026-W38", zone: .utc, now: LedgerFixture.instant(8 * Self.day)),
            filter: filter, isDead: { _ in false })
        #expect(!PeriodText().render(some).contains("Deployment frequency"))
    }
}
