import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import SQLite
import Testing

@Suite("Imported CI runs in reports")
struct ImportedRunTests {
    private static let runURL = "https://github.com/o/n/actions/runs/"

    private func run(
        _ id: Int, _ seconds: ClosedRange<Double>, _ outcome: Outcome, attempt: Int64 = 1,
        sha: String? = nil
    ) -> EventEnvelope {
        let start = LedgerFixture.instant(seconds.lowerBound).microseconds
        let end = LedgerFixture.instant(seconds.upperBound).microseconds
        var run = ImportedRun(
            .init(host: "github.com", run: Int64(id), attempt: attempt, createdAtUs: start),
            host: "github.com", endedAtUs: end, ranUs: end - start, outcome: outcome)
        run.reason = outcome.rawValue
        run.runURL = Self.runURL + String(id)
        run.attempt = attempt
        run.sha = sha
        run.tier = "docker"
        run.actor = "ann"
        return run.event()
    }

    /// One deployment of the wrapper that names its run, or only its commit.
    private func own(
        _ ledger: LedgerFixture, at seconds: Double, runURL: String? = nil, sha: String? = nil,
        outcome: Outcome = .succeeded
    ) throws {
        let at = LedgerFixture.instant(seconds).microseconds
        var requested = Event(.requested, atUs: at, monoUs: at, host: "build1")
        requested.deployment = .generate()
        requested.lock = "/tmp/a.lock"
        requested.source = "gha"
        requested.runURL = runURL
        requested.sha = sha
        var ended = Event(.released, atUs: at + 1_000_000, monoUs: at, host: "build1")
        ended.deployment = requested.deployment
        ended.outcome = outcome
        var acquired = Event(.acquired, atUs: at, monoUs: at, host: "build1")
        acquired.deployment = requested.deployment
        acquired.waitUs = 0
        ended.heldUs = 1_000_000
        ended.exitCode = outcome == .succeeded ? 0 : 1
        try ledger.record([EventEnvelope(requested), EventEnvelope(acquired), EventEnvelope(ended)])
    }

    private func imported(_ metric: Metric) -> String? { metric.detail("imported")?.line }

    @Test func `imported runs are in no metric of the lock, and stand apart beside the rates`()
        throws
    {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 30, .timeout)
        try ledger.add(asked: 0, wait: 1, held: 1, .exit(0), .init(tier: "docker"))
        let before = try ledger.report()
        try ledger.record([
            run(1, 10...20, .succeeded), run(2, 10...400, .failed), run(3, 10...11, .skipped),
            run(4, 10...20, .cancelled), run(5, 10...900, .timedOut), run(6, 10...5000, .skipped),
        ])
        let after = try ledger.report()
        for name in Metric.Name.allCases {
            let (old, new) = (
                before.metrics.filter { $0.name == name }, after.metrics.filter { $0.name == name }
            )
            #expect(old.map(\.n) == new.map(\.n))
            #expect(old.map(\.value) == new.map(\.value))
            #expect(old.map(\.numerator) == new.map(\.numerator))
        }
        #expect(imported(try after.metric(.skipRate)) == #"{"numerator":1,"denominator":5}"#)
        #expect(imported(try after.metric(.timeoutRate)) == #"{"numerator":1,"denominator":5}"#)
        #expect(
            try after.metric(.skipRate).notes == [
                "imported CI runs, not in the rate: 1 of 5 skipped"
            ])
        #expect(imported(try before.metric(.skipRate)) == #"{"numerator":0,"denominator":0}"#)
        #expect(try before.metric(.skipRate).notes == [])
        #expect(after.inFlight.deployments.isEmpty)
    }

    @Test func `imported runs alone are no data, never a pass`() throws {
        let ledger = try LedgerFixture()
        try ledger.record([run(1, 10...20, .succeeded), run(3, 10...11, .skipped)])
        let report = try ledger.report()
        for metric in report.metrics { #expect(metric.status == .noData, "\(metric.name)") }
    }

    /// How many imported runs are counted apart, and how many deployments are listed.
    private func counts(_ ledger: LedgerFixture) throws -> (apart: String?, listed: Int) {
        let report = try ledger.report(until: 100_000)
        let list = try DeploymentList(
            ledger.reader().connection,
            window: PartialWindow(
                since: nil, until: nil, zone: .utc, now: LedgerFixture.instant(0)),
            filter: ReportFilter(), limit: nil)
        return (imported(try report.metric(.skipRate)), list.table.rows.count)
    }

    /// The addresses of the runs that the story of the wrapper's deployment tells of.
    private func runsOfOwn(_ ledger: LedgerFixture) throws -> [String?] {
        let connection = try ledger.reader().connection
        let id = try connection.value("SELECT id FROM deployment WHERE source = 'gha'")
        return try connection.prepare(NamedQuery.named("run-of-deployment").sql)
            .rows(#require(id)).map { $0[1].text }
    }

    @Test(
        arguments: [
            "", "/", "/attempts/1", "/job/77", "?pr=3", "/" + String(repeating: "1", count: 50_000),
        ]
    )
    func `a run that a deployment names is counted once, however it names it`(suffix: String) throws
    {
        for isImportedFirst in [true, false] {
            let ledger = try LedgerFixture()
            let line = run(12, 100...200, .succeeded)
            if isImportedFirst { try ledger.record([line]) }
            try own(ledger, at: 150, runURL: Self.runURL + "12" + suffix)
            if !isImportedFirst { try ledger.record([line]) }
            // Another run whose address begins alike.
            try ledger.record([run(123, 100...200, .skipped), run(1, 100...200, .skipped)])
            let (apart, listed) = try counts(ledger)
            #expect(apart == #"{"numerator":2,"denominator":2}"#)
            #expect(listed == 3)
            #expect(try runsOfOwn(ledger) == [Self.runURL + "12"])
        }
    }

    @Test func `a deployment belongs to the attempt in which it asked`() throws {
        let ledger = try LedgerFixture()
        try own(ledger, at: 1050, runURL: Self.runURL + "12")
        try ledger.record([
            run(12, 100...200, .failed), run(12, 1000...1100, .succeeded, attempt: 2),
        ])
        let (apart, listed) = try counts(ledger)
        #expect(apart == #"{"numerator":0,"denominator":1}"#)
        #expect(listed == 2)
        #expect(try runsOfOwn(ledger).count == 1)
    }

    @Test func `a run is matched by commit only where nothing else can be meant`() throws {
        let sha = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334"
        // Shortened, as people write it.
        let one = try LedgerFixture()
        try one.record([run(1, 100...200, .succeeded, sha: sha)])
        try own(one, at: 150, sha: String(sha.prefix(9)))
        #expect(try counts(one) == (#"{"numerator":0,"denominator":0}"#, 1))

        // Two deployments of that commit while it ran.
        try own(one, at: 160, sha: sha)
        #expect(try counts(one) == (#"{"numerator":0,"denominator":1}"#, 3))

        // Two runs of that commit at that time.
        let two = try LedgerFixture()
        try two.record([
            run(1, 100...200, .succeeded, sha: sha), run(2, 120...220, .succeeded, sha: sha),
        ])
        try own(two, at: 150, sha: sha)
        #expect(try counts(two) == (#"{"numerator":0,"denominator":2}"#, 3))

        // At another time, or with another run's address, or six characters that may be anybody's.
        let three = try LedgerFixture()
        try three.record([run(1, 100...200, .succeeded, sha: sha)])
        try own(three, at: 5000, sha: sha)
        try own(three, at: 150, runURL: Self.runURL + "2", sha: sha)
        try own(three, at: 150, sha: String(sha.prefix(6)))
        #expect(try counts(three) == (#"{"numerator":0,"denominator":1}"#, 4))
    }

    @Test
    func `a run that had ended before the deployment asked keeps no other from being its run`()
        throws
    {
        let sha = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334"
        let ledger = try LedgerFixture()
        // The first one overlaps with the second, and had ended half an hour before.
        try ledger.record([
            run(1, 100...200, .failed, sha: sha), run(2, 150...3000, .succeeded, sha: sha),
        ])
        try own(ledger, at: 2000, sha: sha)
        #expect(try counts(ledger) == (#"{"numerator":0,"denominator":1}"#, 2))
        #expect(try runsOfOwn(ledger) == [Self.runURL + "2"])
        // Nor is one its run that began afterwards.
        try ledger.record([run(3, 2500...2600, .failed, sha: sha)])
        #expect(try counts(ledger) == (#"{"numerator":0,"denominator":2}"#, 3))
        // A third one that went on then may be meant as well.
        try ledger.record([run(4, 1900...2600, .failed, sha: sha)])
        #expect(try counts(ledger) == (#"{"numerator":0,"denominator":4}"#, 5))
    }

    @Test func `the deployment's story says how its run ended`() throws {
        let ledger = try LedgerFixture()
        try own(ledger, at: 150, runURL: Self.runURL + "12", outcome: .failed)
        try ledger.record([run(12, 100...200, .failed)])
        let reader = try ledger.reader()
        let rows = try reader.connection.prepare("SELECT id FROM deployment ORDER BY n").rows()
        let stories = try rows.map { row in
            let lookup = try DeploymentLookup(
                row[0].text ?? "", locks: [], on: reader.connection)
            return try DeploymentStory(#require(lookup.matches.first), on: reader.connection)
        }
        let text = StoryText(zone: .utc).render(stories[0], seenDead: [])
        #expect(
            text.contains(
                "\n  run ended  attempt 1: failed at 2026-09-14 00:03:20 UTC (imported)\n"),
            "\(text)")
        #expect(stories[0].json.line.contains(#""runs":[{"attempt":1,"url":"https://github.com/"#))
        let imported = StoryText(zone: .utc).render(stories[1], seenDead: [])
        #expect(
            imported.contains("The CI run, attempt 1 of ann ended after 1m40s (failed); imported."),
            "\(imported)")
        #expect(imported.contains("\n  from       import\n"))
    }
}
