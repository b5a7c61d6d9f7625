import Ledger
import Queries
import Reporting
import Testing

/// What a report says of a period that is over, or of the first one of a ledger.
@Suite("Reports of other periods")
struct PastPeriodTests {
    private typealias Facts = LedgerFixture.Facts
    private static let week = 7 * 86_400.0

    private func report(
        _ ledger: LedgerFixture, from since: Double, to until: Double, now: Double
    ) throws -> PeriodReport {
        let window = try Window(
            since: LedgerFixture.instant(since), until: LedgerFixture.instant(until), zone: .utc)
        return try PeriodReport(
            ledger.reader().connection,
            period: ReportPeriod(window, now: LedgerFixture.instant(now)), filter: ReportFilter(),
            isDead: { _ in false })
    }

    @Test func `what runs now needs attention in the running period alone`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 10, wait: 0, held: 1, .exit(0), Facts(lock: "/a"))
        try ledger.add(asked: Self.week, wait: 0, held: 0, .none, Facts(lock: "/a"))
        let now = Self.week + 86_400
        func isNamed(_ report: PeriodReport) -> Bool {
            report.attention.contains { $0.contains("has run for more than") }
        }
        #expect(try !isNamed(report(ledger, from: 0, to: Self.week, now: now)))
        #expect(try isNamed(report(ledger, from: Self.week, to: 2 * Self.week, now: now)))
    }

    @Test func `the first period of a ledger has no changes, the second one has`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 10, held: 1, .exit(0), Facts(lock: "/a"))
        try ledger.add(asked: Self.week, wait: 100, held: 1, .exit(0), Facts(lock: "/a"))
        let first = try report(ledger, from: 0, to: Self.week, now: 3 * Self.week)
        #expect(first.changes == [])
        let second = try report(ledger, from: Self.week, to: 2 * Self.week, now: 3 * Self.week)
        #expect(second.changes.contains("Lock wait time: 10× (max 10s → max 1m40s)"))
    }
}
