import DeployLock
import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import SQLite
import Testing

@Suite("Orphans in figures")
struct OrphanRateTests {
    private static let week = 604_800.0

    @Test func `an orphan counts once, when its wrapper was lost, however it ended`() throws {
        let ledger = try OrphanLedger.make()
        func rate(_ since: Double, _ until: Double) throws -> [Int64?] {
            let metric = try ledger.report(since: since, until: until).metric(.orphanRate)
            return [metric.numerator, metric.denominator]
        }
        #expect(try rate(0, Self.week) == [6, 7])
        // #7 ended in this week and is one of the last; #8 runs.
        #expect(try rate(Self.week, 2 * Self.week) == [1, 1])
        #expect(try rate(0, 100) == [0, 0])
        #expect(try rate(100, 101) == [1, 1])
        #expect(try rate(101, 1000) == [0, 0])
        // #4 at the loss and not at its last proof of life, #5 at that.
        #expect(try rate(3040, 3041) == [1, 1])
        #expect(try rate(3041, 4100) == [0, 0])
        #expect(try rate(4100, 4101) == [1, 1])
        #expect(try rate(4101, 6000) == [0, 1])
    }

    @Test func `orphans with a true end count as what they are, with their real lengths`() throws {
        let ledger = try OrphanLedger.make()
        let report = try ledger.report(until: Self.week)
        let durations = try report.duration(tier: "docker")
        #expect(durations.n == 2)
        #expect(durations.max == seconds(300))
        let reader = try ledger.reader()
        let usual = try #require(try reader.usualDuration(lock: "/tmp/a.lock", tier: "docker"))
        #expect(usual.n == 2)
        #expect(usual.p95Us == 300_000_000)
    }

    @Test func `a filter finds orphans by what they are, not by how they ended`() throws {
        let ledger = try OrphanLedger.make()
        func rate(_ change: (inout ReportFilter) -> Void) throws -> [Int64?] {
            var filter = ReportFilter()
            change(&filter)
            let metric = try ledger.report(until: Self.week, filter: filter).metric(.orphanRate)
            return [metric.numerator, metric.denominator]
        }
        #expect(try rate { $0.tiers = ["docker"] } == [6, 7])
        #expect(try rate { $0.outcomes = ["succeeded"] } == [1, 2])
        #expect(try rate { $0.outcomes = ["failed"] } == [2, 2])
        #expect(try rate { $0.locks = ["/tmp/b.lock"] } == [0, 0])
    }

    @Test func `a deployment in flight says that it lost its wrapper`() throws {
        let ledger = try OrphanLedger.make()
        let report = try OrphanLedger.report(ledger, week: "this-week")
        let one = try #require(report.current.inFlight.deployments.first)
        #expect(one.isRunning)
        #expect(one.wrapperLost == LedgerFixture.instant(605_010))
        #expect([one.pid, one.pidStart] == [4800, 120])
        let json = report.current.json.line
        #expect(
            json.contains(#""age_seconds":100,"wrapper_lost_at":"2026-09-21T00:03:30.000000Z""#))
        #expect(
            MetricsText().render(report.current).contains(
                "1 running (#8 ann, 1m40s, wrapper lost)"))
    }

    @Test func `a running orphan of a lock that was not inspected is still an alert`() throws {
        let ledger = try OrphanLedger.make()
        func alerts(_ locks: [LiveLock], dead: Set<String> = []) throws -> [String] {
            let metrics = try ledger.report(since: 605_000, until: 605_100, dead: dead)
            let report = AlertReport(
                AlertFacts(
                    AlertFacts.Recorded(
                        metrics: metrics,
                        verification: .init(problems: [], scope: "all events")),
                    locks: locks, spool: (0, 0)),
                rules: AlertRules())
            return report.alerts.filter { $0.measure != .missedTargets }.map(\.summary)
        }
        let text = "#8 of ann lost its wrapper; its command still holds /tmp/a.lock"
        #expect(try alerts([]) == [text])
        let id = try #require(try ledger.report(now: 605_100).inFlight.deployments.first?.id)
        #expect(try alerts([], dead: [id]) == ["#8 of ann died holding /tmp/a.lock"])
        func seen(_ holder: LockOwner.Condition) -> LiveLock {
            LiveLock(
                path: "/tmp/a.lock", holder: holder, heldSince: nil, waiting: 0, number: 8,
                deployment: id, user: "ann")
        }
        #expect(try alerts([seen(.runningOrphan)]) == [text])
        #expect(try alerts([seen(.held)]).isEmpty)
    }
}
