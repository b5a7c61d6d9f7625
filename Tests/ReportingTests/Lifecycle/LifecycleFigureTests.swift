import DeployLock
import JSON
import Ledger
import Queries
import TestSupport
import Testing

@testable import DeploymentMetrics
@testable import Reporting

@Suite("Figures of checks, rollbacks, limits and freezes")
struct LifecycleFigureTests {
    private func report() throws -> MetricsReport {
        try LifecycleLedger.make().report(until: 15_000)
    }

    @Test func `a duration is that of the command`() throws {
        let metric = try report().duration(tier: "docker")
        #expect(metric.n == 3)
        #expect(metric.max == .duration(400_000_000))
        #expect(metric.p50 == .duration(200_000_000))
        // Of those that ended otherwise the one that ran for 900 s counts, not its lock.
        #expect(
            metric.detail("longest_ended_otherwise_seconds") == .seconds(microseconds: 900_000_000))
    }

    @Test func `failures are named by their step, with what became of the rollbacks`() throws {
        let metric = try report().metric(.successRate)
        #expect([metric.numerator, metric.denominator] == [3, 7])
        #expect(metric.detail("rolled_back") == .integer(3))
        #expect(metric.detail("failed_rollbacks") == .integer(2))
        #expect(
            metric.notes == [
                "4 of 7 failed: 1 by its command, 2 unhealthy, 1 ran too long",
                "3 rolled back; of these rollbacks 2 FAILED",
            ])
    }

    @Test func `time that only a freeze took is in no wait`() throws {
        let metric = try report().metric(.lockWaitTime)
        #expect(metric.max == .duration(60_000_000))
        #expect(metric.detail("frozen") == .integer(1))
        #expect(metric.detail("frozen_seconds") == .seconds(microseconds: 3_600_000_000))
        #expect(metric.notes.contains("1 held back by a freeze for 1h; no part of the wait"))
    }

    @Test func `a frozen one does not count for the length of the queue`() throws {
        let ledger = try LifecycleLedger.make()
        // It asked at 6000, was frozen until 9600, and waited until 9660.
        let metric = try ledger.report(since: 9000, until: 10_000).metric(.queueLength)
        #expect(metric.detail("mean") == .real(0.06))
        #expect(
            try ledger.report(since: 6000, until: 9000).metric(.queueLength).value == .count(0))
    }

    @Test(arguments: [
        (
            Metric.Name.lockWaitTime, 5 as Int64,
            "it got the lock; frozen for 1h, not counted"
        ),
        (.queueLength, 5, "it waited in the queue; frozen for 1h, not counted"),
        (.successRate, 2, "it did not succeed (health), and was rolled back"),
        (.successRate, 3, "it did not succeed (command), and its rollback failed"),
        (.deploymentDuration, 1, "it succeeded, its check of 20s not counted"),
    ])
    func `explain says what was left out`(name: Metric.Name, number: Int64, why: String) throws {
        let ledger = try LifecycleLedger.make()
        let window = try Window(
            since: LedgerFixture.instant(0), until: LedgerFixture.instant(15_000), zone: .utc)
        let explanation = try Explanation(
            name, ledger.reader().connection, window: window, filter: ReportFilter(),
            now: LifecycleLedger.now, isDead: { _ in false })
        let one = try #require(explanation.deployments.first { $0.number == number })
        #expect(one.judgement.why == why)
    }

    @Test func `counters tell rollbacks, failed checks and frozen time`() throws {
        let ledger = try LifecycleLedger.make()
        func text(_ lock: String) throws -> String {
            try DeploymentExposition(
                ledger.reader().connection,
                locks: [
                    LiveLock(
                        path: lock, holder: .free, heldSince: nil, waiting: 0, number: nil,
                        deployment: nil, user: nil)
                ], spool: (0, 0), version: "1", now: LifecycleLedger.now
            ).text(.prometheus)
        }
        let lines = try text("/tmp/a.lock").split(separator: "\n").map(String.init)
        for line in [
            #"deploy_failures_total{tier="docker",reason="health"} 2"#,
            #"deploy_rollbacks_total{result="done"} 1"#,
            #"deploy_rollbacks_total{result="failed"} 1"#,
            #"deploy_rollbacks_total{result="timed_out"} 1"#,
            #"deploy_rollbacks_total{result="interrupted"} 0"#, "deploy_overruns_total 1",
            "deploy_frozen_total 1", "deploy_frozen_seconds_total 3600",
            "deploy_freeze_overrides_total 1",
            #"deploy_duration_seconds_sum{tier="docker"} 800"#,
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }
}
