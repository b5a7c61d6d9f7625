import JSON
import DeploymentMetrics
import Reporting
import Testing

@Suite("Lock wait time")
struct LockWaitTimeTests {
    @Test func `with fewer than 20 waits the maximum is judged, percentiles are nearest rank`()
        throws
    {
        let ledger = try LedgerFixture()
        for wait in [10.0, 20, 301] { try ledger.add(asked: 0, wait: wait, held: 1, .exit(0)) }
        let metric = try ledger.report().metric(.lockWaitTime)
        #expect(metric.n == 3)
        #expect(metric.p50 == seconds(20))
        #expect(metric.p95 == seconds(301))
        #expect(metric.max == seconds(301))
        #expect(metric.statistic == .max)
        #expect(metric.value == seconds(301))
        #expect(metric.status == .fail)
    }

    @Test func `from 20 waits the 95th percentile is judged: the 19th of 20`() throws {
        let ledger = try LedgerFixture()
        for wait in 1...19 { try ledger.add(asked: 0, wait: Double(wait), held: 1, .exit(0)) }
        let nineteen = try ledger.report().metric(.lockWaitTime)
        #expect(nineteen.statistic == .max)
        #expect(nineteen.value == seconds(19))
        #expect(nineteen.p95 == seconds(19))

        try ledger.add(asked: 0, wait: 400, held: 1, .exit(0))
        let twenty = try ledger.report().metric(.lockWaitTime)
        #expect(twenty.statistic == .p95)
        #expect(twenty.p50 == seconds(10))
        #expect(twenty.value == seconds(19))
        #expect(twenty.max == seconds(400))
        #expect(twenty.status == .pass)
    }

    @Test func `five minutes are too long, a microsecond less is not`() throws {
        let exact = try LedgerFixture()
        try exact.add(asked: 0, wait: 300, held: 1, .exit(0))
        #expect(try exact.report().metric(.lockWaitTime).status == .fail)

        let below = try LedgerFixture()
        try below.add(asked: 0, wait: 299.999999, held: 1, .exit(0))
        #expect(try below.report().metric(.lockWaitTime).status == .pass)
    }

    @Test func `timeouts stay in and are counted as censored; cancelled ones stay in`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 1, held: 1, .exit(0))
        try ledger.add(asked: 0, wait: 200, .timeout)
        try ledger.add(asked: 0, wait: 50, .cancelled)
        let metric = try ledger.report().metric(.lockWaitTime)
        #expect(metric.n == 3)
        #expect(metric.p50 == seconds(50))
        #expect(metric.max == seconds(200))
        #expect(metric.detail("censored") == .integer(1))
        #expect(
            metric.notes == ["1 of 3 timed out; counted with the time waited"])
    }

    @Test func `deployments that did not queue, or left for another reason, are excluded`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 1, .skipped)
        try ledger.add(asked: 0, wait: 90, .superseded)
        try ledger.add(asked: 0, wait: 0, .refused)
        try ledger.add(asked: 0, wait: 0, .none)
        let metric = try ledger.report().metric(.lockWaitTime)
        #expect(metric.n == 0)
        #expect(metric.value == nil)
        #expect(metric.status == .noData)
    }

    @Test func `a wait counts in the window it ends in, the end of the window excluded`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 50, wait: 50, held: 1, .exit(0))  // ends as the window starts
        try ledger.add(asked: 90, wait: 20, held: 5000, .exit(0))  // begins before it
        try ledger.add(asked: 150, wait: 50, held: 1, .exit(0))  // ends as the window ends
        try ledger.add(asked: 10, wait: 30, held: 100, .exit(0))  // its run ends inside
        let metric = try ledger.report(since: 100, until: 200).metric(.lockWaitTime)
        #expect(metric.n == 2)
        #expect(metric.p50 == seconds(20))
        #expect(metric.max == seconds(50))
    }

    @Test func `a running deployment has left the queue: its wait counts`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 7, held: 0, .none)
        let metric = try ledger.report().metric(.lockWaitTime)
        #expect(metric.n == 1)
        #expect(metric.value == seconds(7))
    }
}
