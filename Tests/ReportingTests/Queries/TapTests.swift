import JSON
import Ledger
import Queries
@testable import DeploymentMetrics
import SQLite
import SystemCalls
import TestSupport
import Testing

@Suite("Figures from summaries and from the table")
struct TapTests {
    private static let windows = [(0, 30_000), (500, 9000), (7000, 7010), (19_990, 25_000)]

    /// More than three blocks of random deployments, written by the real writer.
    private func ledger(seed: UInt64) throws -> (LedgerFixture, [PlannedDeployment]) {
        var chance = SeededRandom(state: seed)
        let ledger = try LedgerFixture()
        var plans = (0..<900).map { _ in PlannedDeployment.random(&chance, span: 20_000) }
            .sorted { $0.asked < $1.asked }
        // A clock was set back.
        plans.swapAt(100, 700)
        PlannedDeployment.giveCovers(&plans, &chance)
        plans[3].facts.tier = "ti\u{0065}\u{0301}r \"x\"\n,"
        plans[4].facts.tier = "ti\u{00e9}r"
        try ledger.together {
            for index in plans.indices {
                try plans[index].add(to: ledger, among: plans)
                // Among them, and a whole block of them, runs that are in no metric of the lock.
                if index % 7 == 0 { try importRuns(1, near: plans[index], ledger) }
                if index == 450 { try importRuns(600, near: plans[index], ledger) }
            }
        }
        return (ledger, plans)
    }

    private func importRuns(
        _ count: Int, near plan: PlannedDeployment, _ ledger: LedgerFixture
    ) throws {
        for number in 0..<count {
            try ledger.importRun(at: plan.asked, number: number, tier: plan.facts.tier)
        }
    }

    /// What is selected: everything, and some by all that a filter can ask for.
    private static let filters: [ReportFilter] = {
        var person = ReportFilter()
        person.actors = ["ann"]
        var tiers = person
        tiers.tiers = ["docker", "odd"]
        tiers.locks = ["/b"]
        var outcomes = ReportFilter()
        outcomes.outcomes = ["succeeded", "waiting", "skipped", "timed_out"]
        outcomes.sources = ["ssh"]
        var nobody = ReportFilter()
        nobody.shas = ["abc"]
        return [ReportFilter(), person, tiers, outcomes, nobody]
    }()

    /// The figures of both taps against what the metrics' SQL says, filtered or not.
    private func compare(_ ledger: LedgerFixture, dead: Set<String> = []) throws {
        let connection = try ledger.reader().connection
        for (since, until) in Self.windows {
            for filter in Self.filters {
                let window = try Window(
                    since: LedgerFixture.instant(Double(since)),
                    until: LedgerFixture.instant(Double(until)), zone: .utc)
                let inFlight = try InFlight(connection, filter: filter) { dead.contains($0.id) }
                let source = MeasureSource(
                    connection, window: window, filter: filter, now: window.until,
                    deadWaiters: inFlight.deadWaiters)
                try compareHistory(source, inFlight)
                let wanted = try FigureRows(asking: source)
                for summaries in [true, false] {
                    let figures = try WindowFigures(
                        source, waiting: inFlight.liveWaiters, summaries: summaries)
                    let found = FigureRows(figures)
                    for (name, rows) in wanted.rows {
                        #expect(
                            found.rows[name] == rows,
                            "\(name) of \(since) to \(until), \(filter.text), \(summaries)")
                    }
                }
            }
        }
    }

    /// Whether the figures of everything come from summaries.
    private func readsSummaries(_ connection: Connection, _ window: Window) throws -> Bool {
        let source = MeasureSource(
            connection, window: window, filter: ReportFilter(), now: window.until, deadWaiters: [])
        return try source.measure(WindowMeasures(window: window, knownUntil: window.until))
            .isFromSummaries
    }

    /// What charts and trends are made of, from both taps; tiers and locks by name, in whatever
    /// order the same moment gives.
    private func compareHistory(_ source: MeasureSource, _ inFlight: InFlight) throws {
        func described(summaries: Bool) throws -> [String] {
            let history = try DeploymentHistory(source, inFlight, summaries: summaries)
            var lines = history.queued.map { one in
                "\(one.left) \(one.asked) \(one.wait ?? -1) \(one.timedOut) \(one.counts) "
                    // Places of queues are whatever came first.
                    + "\(one.queue == nil)"
            }
            lines += history.ended.map { one in
                let tier = one.tier.map { history.tiers[$0] }
                return "\(one.ended) \(one.held ?? -1) \(String(describing: one.outcome)) "
                    + "\(tier ?? "-") \(one.countsForOrphans)"
            }
            lines += history.losses.map { "lost \($0)" }
            lines += history.waiting.map { "waits \($0.asked)" }
            #expect(history.queued.map(\.left) == history.queued.map(\.left).sorted())
            #expect(history.ended.map(\.ended) == history.ended.map(\.ended).sorted())
            return lines.sorted()
        }
        #expect(try described(summaries: true) == described(summaries: false))
    }

    @Test(arguments: [1, 2, 3])
    func `both taps give the figures of the metrics' SQL, filtered or not`(seed: UInt64) throws {
        let (ledger, plans) = try ledger(seed: seed)
        let filled = try ledger.reader().connection.value(
            "SELECT count(*) FROM deployment_block")
        #expect(filled == 5)
        let waiting = plans.filter { $0.left == nil }.map(\.id)
        try compare(ledger, dead: Set(waiting.prefix(waiting.count / 2)))
    }

    @Test func `a deployment that changes late has its block deleted and written again`() throws {
        let (ledger, plans) = try ledger(seed: 4)
        func isFilled(_ block: Int) throws -> Bool {
            try ledger.reader().connection.value(
                "SELECT count(*) FROM deployment_block WHERE block = \(block)") == 1
        }
        #expect(try isFilled(0))
        let late = try #require(plans.prefix(250).first { $0.outcome == nil && $0.hadLock })
        var released = Event(
            .released, atUs: LedgerFixture.instant(29_000).microseconds, monoUs: 1, host: "build1")
        released.deployment = EventID(late.id)
        released.number = 1
        released.exitCode = 0
        released.outcome = .succeeded
        released.heldUs = 77_000_000
        try ledger.record([EventEnvelope(released)])
        #expect(try !isFilled(0))
        try compare(ledger)
        try ledger.together {
            for _ in 900...1024 { try ledger.add(asked: 21_000, wait: 1, held: 2, .exit(0)) }
        }
        #expect(try isFilled(0))
        try compare(ledger)
        let settings = LedgerSettings(path: ledger.path, spoolRoots: [])
        #expect(try LedgerVerifier(settings).verify().problems == [])
    }

    @Test func `the table is asked when a summary cannot be read`() throws {
        let (ledger, _) = try ledger(seed: 5)
        let window = try Window(
            since: LedgerFixture.instant(0), until: LedgerFixture.instant(30_000), zone: .utc)
        let whole = try ledger.report(until: 30_000).json.line
        #expect(try readsSummaries(ledger.reader().connection, window))
        for damage in [
            "lines = replace(lines, ',', ';')", "lines = lines || ',9,9,9,9,9,9'",
            "lines = '99,0' || substr(lines, 4)", "kinds = replace(kinds, 'null', 'nil')",
            "locks = '{}'", "lines = lines || '0000000000000000000'",
        ] {
            let connection = try Connection(
                path: ledger.path, mode: .readWrite, busyTimeoutMilliseconds: 5000)
            try connection.execute("BEGIN")
            try connection.execute("UPDATE deployment_block SET \(damage) WHERE block = 1")
            #expect(try !readsSummaries(connection, window), "\(damage)")
            try connection.execute("ROLLBACK")
        }
        #expect(try ledger.report(until: 30_000).json.line == whole)
    }

    @Test func `a changed block is found by verify`() throws {
        let (ledger, _) = try ledger(seed: 6)
        let settings = LedgerSettings(path: ledger.path, spoolRoots: [])
        #expect(try LedgerVerifier(settings).verify().problems == [])
        let connection = try Connection(
            path: ledger.path, mode: .readWrite, busyTimeoutMilliseconds: 5000)
        try connection.execute(
            "UPDATE deployment_block SET kinds = replace(kinds, 'failed', 'succeeded') WHERE block = 1"
        )
        let problems = try LedgerVerifier(settings).verify().problems.map(\.description)
        #expect(problems == ["the summary of the deployments 257 to 512 was changed"])
    }

    @Test func `texts too long for a block leave it open, and nothing else changes`() throws {
        let ledger = try LedgerFixture()
        let tier = String(repeating: "t", count: 5000)
        try ledger.together {
            for index in 0..<600 {
                let facts = LedgerFixture.Facts(tier: index == 7 ? tier : "docker")
                try ledger.add(asked: Double(index), wait: 1, held: 2, .exit(0), facts)
            }
        }
        let connection = try ledger.reader().connection
        #expect(try connection.value("SELECT count(*) FROM deployment_block") == 0)
        try compare(ledger)
    }
}
