import JSON
import DeploymentMetrics
import Reporting
import Testing

@Suite("Deployment duration")
struct DeploymentDurationTests {
    private typealias Facts = LedgerFixture.Facts

    @Test func `each tier has its own upper bound; the wait is not part of the duration`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 250, held: 300, .exit(0), Facts(tier: "lightning"))
        try ledger.add(asked: 0, wait: 0, held: 600.000001, .exit(0), Facts(tier: "docker"))
        let report = try ledger.report()
        let lightning = try report.duration(tier: "lightning")
        #expect(lightning.value == seconds(300))
        #expect(lightning.status == .pass)
        let docker = try report.duration(tier: "docker")
        #expect(docker.value == seconds(600.000001))
        #expect(docker.status == .fail)
    }

    @Test func `only succeeded deployments have a duration`() throws {
        let ledger = try LedgerFixture()
        let docker = Facts(tier: "docker")
        try ledger.add(asked: 0, wait: 0, held: 400, .exit(0), docker)
        try ledger.add(asked: 0, wait: 0, held: 700, .exit(1), docker)
        try ledger.add(asked: 0, wait: 0, held: 800, .signal(9), docker)
        try ledger.add(asked: 0, wait: 0, held: 900, .died(foundAt: 950), docker)
        try ledger.add(asked: 0, wait: 0, held: 0, .none, docker)
        let metric = try ledger.report().duration(tier: "docker")
        #expect(metric.n == 1)
        #expect(metric.value == seconds(400))
        #expect(metric.status == .pass)
        // What hung is in no figure and does not go without a word.
        #expect(metric.notes == ["3 ended otherwise after up to 15m; in no figure"])
        #expect(metric.detail("ended_otherwise") == .integer(3))
        #expect(metric.detail("longest_ended_otherwise_seconds")?.line == "900")
    }

    @Test func `a duration below the lower bound is a note, not a failure`() throws {
        let ledger = try LedgerFixture()
        for held in [179.0, 180, 2] {
            try ledger.add(asked: 0, wait: 0, held: held, .exit(0), Facts(tier: "lightning"))
        }
        let metric = try ledger.report().duration(tier: "lightning")
        #expect(metric.status == .pass)
        #expect(metric.detail("below_lower_bound") == .integer(2))
        #expect(metric.notes == ["2 of 3 were faster than 3m"])
    }

    @Test func `other tiers and none are rows of their own without target and verdict`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 9, .exit(0))
        try ledger.add(asked: 0, wait: 0, held: 8, .exit(0), Facts(tier: "bare"))
        let report = try ledger.report()
        let durations = report.metrics.filter { $0.name == .deploymentDuration }
        #expect(durations.map(\.tier) == ["lightning", "docker", "bare", nil])
        #expect(durations.map(\.status) == [.noData, .noData, .noTarget, .noTarget])
        #expect(
            try report.duration(tier: nil).json.line
                == #"{"name":"deployment_duration","tier":null,"unit":"seconds","#
                + #""statistic":"max","value":9,"target":null,"status":"no_target","n":1,"#
                + #""p50":9,"p95":9,"max":9,"mean":9}"#)
    }

    @Test func `a duration counts in the window it ends in`() throws {
        let ledger = try LedgerFixture()
        let docker = Facts(tier: "docker")
        try ledger.add(asked: 0, wait: 10, held: 90, .exit(0), docker)  // ends as it starts
        try ledger.add(asked: 0, wait: 10, held: 189.9, .exit(0), docker)
        try ledger.add(asked: 0, wait: 10, held: 190, .exit(0), docker)  // ends as it ends
        let metric = try ledger.report(since: 100, until: 200).duration(tier: "docker")
        #expect(metric.n == 2)
        #expect(metric.max == seconds(189.9))
    }
}
