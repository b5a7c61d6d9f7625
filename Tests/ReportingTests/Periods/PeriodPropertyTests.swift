import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import TestSupport
import Testing

/// What must hold for any set of events.
@Suite("Any ledger")
struct PeriodPropertyTests {
    private static let week = 604_800

    /// Deployments over ten weeks, most of them around the ends of weeks, where mistakes would be.
    private func ledger(seed: UInt64) throws -> LedgerFixture {
        var chance = SeededRandom(state: seed)
        let ledger = try LedgerFixture()
        var plans = (0..<250).map { _ -> PlannedDeployment in
            var plan = PlannedDeployment.random(&chance, span: 400)
            plan.asked += Int.random(in: 0..<10, using: &chance) * Self.week - 200
            if Int.random(in: 0..<4, using: &chance) == 0 {
                plan.asked += Int.random(in: 0..<Self.week, using: &chance)
            }
            return plan
        }
        plans.sort { $0.asked < $1.asked }
        PlannedDeployment.giveCovers(&plans, &chance)
        for index in plans.indices {
            try plans[index].add(to: ledger, among: plans)
            // Beside them runs of CI, which no metric of the lock counts.
            if index % 5 == 0 { try ledger.importRun(at: plans[index].asked, number: index) }
        }
        return ledger
    }

    private func report(_ ledger: LedgerFixture, from: Int, to: Int) throws -> MetricsReport {
        try ledger.report(since: Double(from), until: Double(to), now: Double(11 * Self.week))
    }

    @Test(arguments: 1...4)
    func `every week of the trend says what the metrics of that week say`(seed: UInt64) throws {
        let ledger = try ledger(seed: seed)
        // Wednesday of the tenth week: the trend ends with a week that runs.
        for now in [LedgerFixture.instant(Double(9 * Self.week + 200_000)), RichLedger.now] {
            let zone = try Zone(named: "Europe/Berlin")
            let connection = try ledger.reader().connection
            let report = try PeriodReport(
                connection, period: ReportPeriod(week: "this-week", zone: zone, now: now),
                filter: ReportFilter(), isDead: { $0.number?.isMultiple(of: 2) ?? false })
            for (index, week) in report.trend.weeks.enumerated() where week.isKnown {
                let metrics = try MetricsReport(
                    connection, window: week.window, filter: ReportFilter(), now: now,
                    isDead: { $0.number?.isMultiple(of: 2) ?? false })
                for line in report.trend.lines {
                    let metric = try #require(
                        metrics.metrics.first {
                            $0.name == line.name && $0.tier == line.tier
                        })
                    let figure = line.figures[index]
                    #expect(figure.value == metric.value, "\(week.label) \(line.name)")
                    if line.name != .queueLength { #expect(figure.n == metric.n) }
                    #expect(figure.statistic == metric.statistic)
                }
            }
        }
    }

    @Test(arguments: 1...3)
    func `the explanation of a metric adds up to the metric`(seed: UInt64) throws {
        let ledger = try ledger(seed: seed)
        let connection = try ledger.reader().connection
        for (since, until) in [
            (0, Self.week), (Self.week, Self.week + 150), (-500, 11 * Self.week),
        ] {
            let window = try Window(
                since: LedgerFixture.instant(Double(since)),
                until: LedgerFixture.instant(Double(until)), zone: .utc)
            for name in Metric.Name.allCases {
                let explanation = try Explanation(
                    name, connection, window: window, filter: ReportFilter(),
                    now: LedgerFixture.instant(Double(11 * Self.week)),
                    isDead: { $0.number?.isMultiple(of: 3) ?? false })
                for metric in explanation.metrics { check(explanation, metric) }
            }
        }
    }

    private func check(_ explanation: Explanation, _ metric: Metric) {
        let counted = explanation.deployments.filter(\.counts)
        switch metric.name {
        case .skipRate, .successRate, .timeoutRate, .orphanRate:
            #expect(explanation.numerator.map(Int64.init) == metric.numerator)
            #expect(Int64(explanation.denominator) == metric.denominator)
        case .queueLength:
            guard case .string(let lock)? = metric.detail("lock") else {
                #expect(counted.count == Int(metric.n))
                return
            }
            #expect(counted.count { $0.lock == lock } == Int(metric.n))
        case .lockWaitTime, .deploymentDuration, .timeToDeliver:
            let tier = metric.tier
            let values = counted.filter { metric.name != .deploymentDuration || $0.tier == tier }
                .compactMap(\.value).sorted()
            #expect(values.count == Int(metric.n))
            #expect(values.last.map { Quantity.duration($0) } == metric.max)
            guard !values.isEmpty else { return }
            #expect(.duration(values[(values.count + 1) / 2 - 1]) == metric.p50)
            #expect(.duration(values[(values.count * 95 + 99) / 100 - 1]) == metric.p95)
        }
        if metric.name == .lockWaitTime {
            #expect(.integer(Int64(explanation.censored)) == metric.detail("censored"))
        }
    }

    @Test(arguments: 1...3)
    func `rates are between 0 and 1, and p50 ≤ p95 ≤ max`(seed: UInt64) throws {
        let ledger = try ledger(seed: seed)
        for start in stride(from: -400, to: 10 * Self.week, by: Self.week / 2) {
            for metric in try report(ledger, from: start, to: start + Self.week).metrics {
                if let part = metric.numerator, let whole = metric.denominator {
                    #expect(part >= 0 && part <= whole)
                    if case .ratio(let ratio)? = metric.value { #expect((0...1).contains(ratio)) }
                    if whole == 0 { #expect(metric.value == nil && metric.status == .noData) }
                }
                guard case .duration(let p50)? = metric.p50, case .duration(let p95)? = metric.p95,
                    case .duration(let longest)? = metric.max
                else { continue }
                #expect(0 <= p50 && p50 <= p95 && p95 <= longest)
            }
        }
    }

    @Test(arguments: 1...3)
    func `counts in two windows add up to the count in both together`(seed: UInt64) throws {
        let ledger = try ledger(seed: seed)
        for (start, middle, end) in [
            (0, Self.week, 2 * Self.week), (-500, 40, 10 * Self.week),
            (Self.week - 30, Self.week, Self.week + 30),
        ] {
            let whole = try report(ledger, from: start, to: end).metrics
            let parts = [
                try report(ledger, from: start, to: middle).metrics,
                try report(ledger, from: middle, to: end).metrics,
            ]
            // Who waits across the middle is in both queues, so queues do not add up.
            for metric in whole where metric.name != .queueLength {
                let same = parts.flatMap { part in
                    part.filter { $0.name == metric.name && $0.scope == metric.scope }
                }
                #expect(same.reduce(0) { $0 + $1.n } == metric.n)
                #expect(same.reduce(0) { $0 + ($1.numerator ?? 0) } == metric.numerator ?? 0)
            }
        }
    }
}
