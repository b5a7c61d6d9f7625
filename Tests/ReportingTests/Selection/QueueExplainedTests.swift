import JSON
import Ledger
import DeploymentMetrics
import Queries
import Testing

/// The queue length where there are several queues, or only a part of one is selected.
@Suite("Explaining queues")
struct QueueExplainedTests {
    private typealias Facts = LedgerFixture.Facts

    /// /a has three in its queue, /b two.
    private static func ledger() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        for (lock, tier) in [("/a", "x"), ("/b", "x"), ("/a", "y"), ("/b", "y"), ("/a", "x")] {
            try ledger.add(
                asked: 10, wait: 20, held: 1, .exit(0), Facts(lock: lock, tier: tier))
        }
        return ledger
    }

    private func explanation(
        _ ledger: LedgerFixture, _ filter: ReportFilter = ReportFilter()
    ) throws -> Explanation {
        let window = try Window(
            since: LedgerFixture.instant(0), until: LedgerFixture.instant(100), zone: .utc)
        return try Explanation(
            .queueLength, ledger.reader().connection, window: window, filter: filter,
            now: LedgerFixture.instant(100), isDead: { _ in false })
    }

    @Test func `the totals are those of the longest queue, which the metric is of`() throws {
        let ledger = try Self.ledger()
        let all = try explanation(ledger)
        #expect(all.metrics.map(\.n) == [3])
        #expect(all.denominator == 3)
        #expect(all.deployments.filter(\.counts).map(\.lock) == ["/a", "/a", "/a"])
        #expect(all.json.line.contains("it was in another queue; the longest one is reported: /a"))
        var filter = ReportFilter()
        filter.locks = ["/b"]
        let one = try explanation(ledger, filter)
        #expect(one.metrics.map(\.n) == [2])
        #expect(one.denominator == 2)
    }

    @Test func `of a part of a queue the report says that it is one`() throws {
        let ledger = try Self.ledger()
        func notes(_ change: (inout ReportFilter) -> Void) throws -> [String] {
            var filter = ReportFilter()
            change(&filter)
            return try ledger.report(filter: filter).metric(.queueLength).notes
        }
        let said = "of those selected: others in the queue are not counted"
        #expect(try notes { $0.tiers = ["x"] }.contains(said))
        #expect(try !notes { $0.locks = ["/a"] }.contains(said))
        #expect(try !notes { _ in }.contains(said))
    }
}
