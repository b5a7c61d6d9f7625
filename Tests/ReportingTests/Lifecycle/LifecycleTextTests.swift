import JSON
import Ledger
import Queries
import TestSupport
import Testing

@testable import DeploymentMetrics
@testable import Reporting

@Suite("Checks, rollbacks, limits and freezes for people")
struct LifecycleTextTests {
    private func alerts(
        _ rules: AlertRules = AlertRules(), until: Double = 15_000
    ) throws -> AlertReport {
        let connection = try LifecycleLedger.make().reader().connection
        let window = try Window(
            since: LedgerFixture.instant(0), until: LedgerFixture.instant(until), zone: .utc)
        let now = LedgerFixture.instant(until)
        return AlertReport(
            AlertFacts(
                AlertFacts.Recorded(
                    metrics: try MetricsReport(
                        connection, window: window, filter: ReportFilter(), now: now,
                        isDead: { _ in false }),
                    last: try LastDeployments(connection, window, tiers: [], sources: []),
                    freezes: try RecordedFreeze.all(connection, now: now).filter(\.isInForce),
                    overrides: try FreezeOverride.all(connection, window),
                    verification: .init(problems: [], scope: "all events")),
                locks: [], spool: (0, 0)), rules: rules)
    }

    private func texts(_ report: AlertReport) -> [String] {
        report.alerts.filter { $0.measure != .missedTargets }
            .map { "\($0.severity.rawValue) \($0.summary)" }
    }

    @Test func `a failed rollback is critical`() throws {
        #expect(
            try texts(alerts()) == [
                "critical #7 of ann, the last deployment under /tmp/a.lock, could not be rolled "
                    + "back; which version runs is unknown",
                "warning the last deployment under /tmp/a.lock failed: #7 of ann (unhealthy, "
                    + "ROLLBACK FAILED), 1h22m ago",
            ])
    }

    @Test func `one that was rolled back is named, and is critical where a rule says so`() throws {
        var rules = AlertRules()
        try rules.set(.critical, "unhealthy=0 rolled_back=0")
        #expect(
            try texts(alerts(rules, until: 2500)) == [
                "critical #2 of ann, the last deployment under /tmp/a.lock, failed its check",
                "critical #2 of ann, the last deployment under /tmp/a.lock, was rolled back",
                "warning the last deployment under /tmp/a.lock failed: #2 of ann (unhealthy, "
                    + "rolled back), 2m38s ago",
            ])
    }

    @Test func `freezes and overrides are noted, and alerts where a rule says so`() throws {
        let report = try alerts()
        #expect(
            report.text(style: .plain).contains(
                """
                Freeze:  /tmp/a.lock is frozen by ann until 2026-09-14 05:33:20 UTC (audit)
                Freeze:  overridden by #6 of ann (outage)

                """))
        var rules = AlertRules()
        try rules.set(.warning, "freezes=0 overrides=0")
        #expect(
            try texts(alerts(rules)).suffix(2) == [
                "warning /tmp/a.lock is frozen by ann until 2026-09-14 05:33:20 UTC (audit)",
                "warning in spite of a freeze: #6 of ann (outage)",
            ])
    }

    @Test func `the story of one that was rolled back`() throws {
        let connection = try LifecycleLedger.make().reader().connection
        let match = try #require(try DeploymentLookup("2", locks: [], on: connection).matches.first)
        let story = try DeploymentStory(match, on: connection)
        let text = StoryText(zone: .utc).render(story)
        for words in [
            "  check      unhealthy after 3 attempts, 30s\n", "  rollback   done, 12s\n",
            "  exit code  69, that of the command is 0\n",
            """
            Attempt 1/3 of the check failed with exit code 22 after 1.5s.
                                               | asked
                                               | curl: (22) error: 500 \\e[31m

            """,
            "Attempt 2/3 of the check took too long and was ended after 1.5s.\n",
            "The rollback succeeded after 12s (failed step: health); the last good deployment was "
                + "#1 (aaaaaaaaaa).\n",
            "The command succeeded after 5m (health); its check FAILED; it was rolled back; the "
                + "lock was released.\n",
        ] {
            #expect(text.contains(words), "\(words)\n\(text)")
        }
        #expect(
            story.json.line.contains(
                #""steps":{"command_seconds":300,"health":"unhealthy","health_seconds":30,"#
                    + #""attempts":3,"rollback":"done","rollback_seconds":12,"ended_with":69}"#))
    }

    @Test func `the list says what a step came to`() throws {
        let list = try DeploymentList(
            LifecycleLedger.make().reader().connection,
            window: PartialWindow(since: nil, until: nil, zone: .utc, now: LifecycleLedger.now),
            filter: ReportFilter(),
            limit: nil)
        let outcomes = list.summary.rows.map { $0[2].text(in: .utc) }
        #expect(
            outcomes == [
                "failed (unhealthy, ROLLBACK FAILED)", "succeeded", "succeeded", "failed (overran)",
                "failed (3, ROLLBACK FAILED)", "failed (unhealthy, rolled back)", "succeeded",
            ])
    }

    @Test func `the report names failed rollbacks and overrides first`() throws {
        let report = try RichLedger.report(
            LifecycleLedger.make(), now: LedgerFixture.instant(604_800))
        #expect(
            report.attention.prefix(2) == [
                "2 rollbacks FAILED: of #7, #3",
                "4 of 7 deployments failed: #7 (unhealthy, ROLLBACK FAILED), #4 (overran), "
                    + "#3 (exit code 3, ROLLBACK FAILED), #2 (unhealthy, rolled back)",
            ])
        #expect(report.attention.contains("1 deployment in spite of a freeze: #6 of ann (outage)"))
        #expect(report.lists.first { $0.key == "overrides" }?.total == 1)
    }

    @Test func `freezes: the newest end and reason, how it ended, and who deployed all the same`()
        throws
    {
        let ledger = try LifecycleLedger.make()
        func freezes(at seconds: Double) throws -> [String] {
            try ledger.ask(
                "freezes", ["at": LedgerFixture.at(seconds)],
                show: "state frozen_at_us until_us ended_at_us actor ended_by reason overrides")
        }
        #expect(
            try freezes(at: 15_000) == [
                "in force 9900 20000 - ann - audit 0",
                "ended 6000 9800 9600 ann ann release day 1",
            ])
        #expect(try freezes(at: 20_000).first == "over 9900 20000 - ann - audit 0")
        #expect(
            try ledger.ask("freezes", ["since": LedgerFixture.at(9600)], show: "reason")
                == ["audit"])
        #expect(
            try ledger.ask("overrides", show: "number acquired_at_us person reason outcome")
                == ["6 7000 ann outage succeeded"])
    }

    @Test func `last-good-before: an unhealthy one is not good`() throws {
        #expect(
            try LifecycleLedger.make().ask(
                "last-good-before", ["at": LedgerFixture.at(5000)], show: "role number outcome")
                == [
                    "last good 1 succeeded", "after it 2 failed", "after it 3 failed",
                    "after it 4 failed",
                ])
    }
}
