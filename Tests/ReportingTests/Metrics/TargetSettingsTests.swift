import Ledger
import DeploymentMetrics
import Queries
import Testing

@Suite("Targets that were set")
struct TargetSettingsTests {
    @Test func `every target can be set, and says where it was`() throws {
        var targets = Targets.builtIn
        #expect(targets.note == nil)
        try targets.set(.lockWaitTime, "2m")
        try targets.set(.queueLength, "5")
        try targets.set(.skipRate, "12.5%")
        try targets.set(.successRate, "95 %".replacing(" ", with: ""))
        try targets.set(.timeToDeliver, "1h30m")
        try targets.set(.timeoutRate, "1%")
        try targets.set(.orphans, "2")
        try targets.set(.durations, "docker=4m..8m, nightly=2h")
        #expect(targets.lockWaitTime.text == "< 2m")
        #expect(targets.queueLength.text == "< 5")
        #expect(targets.skipRate.text == "< 12.5 %")
        #expect(targets.successRate?.text == "≥ 95 %")
        #expect(targets.timeToDeliver?.text == "≤ 1h30m")
        #expect(targets.timeoutRate.text == "≤ 1 %")
        #expect(targets.orphanRate.text == "≤ 2")
        #expect(targets.duration(of: "docker")?.lower == 240_000_000)
        #expect(targets.duration(of: "docker")?.upper == 480_000_000)
        #expect(targets.duration(of: "nightly")?.target.text == "≤ 2h")
        #expect(targets.duration(of: "lightning")?.target.text == "≤ 5m")
        #expect(targets.tooLong == 4 * 3_600_000_000)
        #expect(
            targets.changed == [
                "DEPLOY_TARGET_LOCK_WAIT_TIME", "DEPLOY_TARGET_QUEUE_LENGTH",
                "DEPLOY_TARGET_SKIP_RATE", "DEPLOY_TARGET_SUCCESS_RATE",
                "DEPLOY_TARGET_TIME_TO_DELIVER", "DEPLOY_TARGET_TIMEOUT_RATE",
                "DEPLOY_TARGET_ORPHANS", "DEPLOY_TARGET_DURATIONS",
            ])
    }

    @Test(arguments: [
        (Targets.Setting.lockWaitTime, "soon"), (.lockWaitTime, "0"), (.skipRate, "101%"),
        (.skipRate, "-1%"), (.successRate, "nan"), (.queueLength, "0"), (.queueLength, "2.5"),
        (.orphans, "-1"),
        (.skipRate, "0.04%"), (.successRate, "99.95%"), (.successRate, "0x10"), (.skipRate, "%"),
        (.durations, "docker=5m.."), (.durations, "docker=..5m"), (.durations, "docker=1m..2m..3m"),
        (.durations, "docker"), (.durations, "docker=10m..5m"),
        (.durations, "docker=.."),
    ])
    func `what cannot be understood is refused`(setting: Targets.Setting, text: String) {
        var targets = Targets.builtIn
        #expect(throws: Targets.Problem.self) { try targets.set(setting, text) }
    }

    @Test func `a skip rate of nothing can be met`() throws {
        var targets = Targets.builtIn
        try targets.set(.skipRate, "0%")
        #expect(targets.skipRate.text == "= 0 %")
    }

    @Test func `verdicts follow the targets that were set`() throws {
        let ledger = try LedgerFixture()
        for index in 0..<10 {
            try ledger.add(
                asked: Double(index), wait: 0, held: 100, index == 0 ? .exit(1) : .exit(0),
                LedgerFixture.Facts(tier: "nightly", sha: "a\(index)"))
        }
        func verdicts(_ targets: Targets) throws -> [String] {
            let report = try MetricsReport(
                ledger.reader().connection,
                window: Window(
                    since: LedgerFixture.instant(0), until: LedgerFixture.instant(1000), zone: .utc),
                filter: ReportFilter(), now: LedgerFixture.instant(1000), targets: targets,
                isDead: { _ in false })
            return try [
                report.metric(.successRate), report.metric(.timeToDeliver),
                report.duration(tier: "nightly"),
            ].map(\.verdict)
        }
        #expect(try verdicts(.builtIn) == ["-", "-", "-"])
        var targets = Targets.builtIn
        try targets.set(.successRate, "90%")
        try targets.set(.timeToDeliver, "100s")
        try targets.set(.durations, "nightly=99s")
        #expect(try verdicts(targets) == ["PASS", "PASS", "FAIL"])
        try targets.set(.successRate, "90.1%")
        #expect(try verdicts(targets)[0] == "FAIL")
    }
}
