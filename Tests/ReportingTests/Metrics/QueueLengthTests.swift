import JSON
import Ledger
import DeploymentMetrics
import Reporting
import Testing

@Suite("Queue length")
struct QueueLengthTests {
    private typealias Facts = LedgerFixture.Facts

    @Test func `the queue is a step function: maximum, mean over time, share of time`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 100, held: 500, .exit(0))
        try ledger.add(asked: 10, wait: 50, .cancelled)
        try ledger.add(asked: 20, wait: 30, .timeout)
        let metric = try ledger.report().metric(.queueLength)
        #expect(metric.value == .count(3))
        #expect(metric.status == .fail)
        #expect(metric.n == 3)
        #expect(metric.detail("now") == .integer(0))
        #expect(metric.detail("mean") == .real(0.18))
        #expect(metric.detail("share_of_time_at_least_3") == .real(0.03))
    }

    @Test func `the queue is clipped to the window, and waiters at its end are waiting now`() throws
    {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 150, held: 1, .exit(0))
        try ledger.add(asked: 180, wait: 0, .none)
        try ledger.add(asked: 190, wait: 200, held: 1, .exit(0))
        try ledger.add(asked: 300, wait: 50, .cancelled)
        let metric = try ledger.report(since: 100, until: 200).metric(.queueLength)
        #expect(metric.value == .count(2))
        #expect(metric.status == .pass)
        #expect(metric.detail("now") == .integer(2))
        // 50 s of one, 10 s of one, 10 s of two, in 100 s.
        #expect(metric.detail("mean") == .real(0.8))
        #expect(metric.n == 3)
    }

    @Test func `one that leaves when another comes does not make two`() throws {
        let ledger = try LedgerFixture()
        for turn in 0..<4 {
            try ledger.add(asked: Double(turn) * 10, wait: 10, held: 1, .exit(0))
        }
        let metric = try ledger.report().metric(.queueLength)
        #expect(metric.value == .count(1))
        #expect(metric.detail("mean") == .real(0.04))
    }

    @Test func `a deployment that goes straight through, skips or refuses to wait never waits`()
        throws
    {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 5, wait: 0.004, held: 10, .exit(0), Facts(ahead: 0))
        try ledger.add(asked: 6, wait: 0.5, .skipped)
        try ledger.add(asked: 7, wait: 0.5, .refused)
        let metric = try ledger.report().metric(.queueLength)
        #expect(metric.value == .count(0))
        #expect(metric.status == .pass)
        #expect(metric.n == 1)
    }

    @Test func `a waiter whose process is gone waits no more`() throws {
        let ledger = try LedgerFixture()
        let gone = try ledger.add(asked: 5, wait: 0, .none)
        try ledger.add(asked: 900, wait: 0, .none)
        #expect(try ledger.report().metric(.queueLength).value == .count(2))
        let seen = try ledger.report(dead: [gone.description])
        #expect(try seen.metric(.queueLength).value == .count(1))
        #expect(try seen.metric(.queueLength).detail("mean") == .real(0.1))
        #expect(seen.inFlight.dead == [gone.description])
        #expect(seen.inFlight.deployments.count == 2)
    }

    @Test func `every lock has its own queue; the longest is reported and named`() throws {
        let ledger = try LedgerFixture()
        for lock in ["/a", "/b", "/b"] {
            try ledger.add(asked: 0, wait: 10, held: 1, .exit(0), Facts(lock: lock))
        }
        let metric = try ledger.report().metric(.queueLength)
        #expect(metric.value == .count(2))
        #expect(metric.detail("lock") == .string("/b"))
        #expect(metric.notes.last == "the longest of 2 queues: /b")
    }

    @Test func `time still to come does not lower the mean`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, .none)
        let report = try ledger.report(since: 0, until: 1000, now: 100)
        #expect(try report.metric(.queueLength).detail("mean") == .real(1))
        let later = try ledger.report(since: 200, until: 1000, now: 100)
        #expect(try later.metric(.queueLength).status == .noData)
    }

    @Test func `an empty queue is no data, not a pass`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 5000, wait: 1, held: 1, .exit(0))
        let metric = try ledger.report().metric(.queueLength)
        #expect(metric.value == nil)
        #expect(metric.status == .noData)
    }
}
