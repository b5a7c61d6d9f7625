import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import TestSupport
import Testing

@Suite("Figures against a second computation")
struct NaiveMetricsTests {
    private static let span = 2000

    private struct Case {
        let ledger: LedgerFixture
        let plans: [PlannedDeployment]
        let dead: Set<String>
    }

    private func ledger(seed: UInt64) throws -> Case {
        var chance = SeededRandom(state: seed)
        let ledger = try LedgerFixture()
        // Written in the order of asking, as a rule: a clock may be set back.
        var plans = (0..<600).map { _ in PlannedDeployment.random(&chance, span: Self.span) }
            .sorted { $0.asked < $1.asked }
        plans.swapAt(100, 200)
        PlannedDeployment.giveCovers(&plans, &chance)
        try ledger.together { for plan in plans { try plan.add(to: ledger, among: plans) } }
        let waiting = plans.filter { $0.left == nil }.map(\.id)
        return Case(ledger: ledger, plans: plans, dead: Set(waiting.prefix(waiting.count / 2)))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `SQL and a naive recomputation agree`(seed: UInt64) throws {
        let random = try ledger(seed: seed)
        var filters: [(ReportFilter, (PlannedDeployment) -> Bool)] = []
        filters.append((ReportFilter(), { _ in true }))
        var filter = ReportFilter()
        filter.actors = ["ann"]
        filters.append((filter, { $0.facts.actor == "ann" }))
        filter.tiers = ["docker", "odd"]
        filter.locks = ["/b"]
        filters.append(
            (
                filter,
                {
                    $0.facts.actor == "ann" && $0.facts.lock == "/b"
                        && ["docker", "odd"].contains($0.facts.tier)
                }
            ))
        for (since, until) in [(0, 3000), (500, 900), (700, 710), (1999, 2300), (2900, 3000)] {
            for (filter, isSelected) in filters {
                let report = try random.ledger.report(
                    since: Double(since), until: Double(until), filter: filter, dead: random.dead)
                let naive = NaiveMetrics(
                    plans: random.plans.filter(isSelected), since: since, until: until,
                    dead: random.dead, all: random.plans)
                try compareDeliveries(report, naive)
                try compareLengths(report, naive)
                try compareRates(report, naive)
                try compareQueue(report, naive)
                try FormatFigures(report: report, naive: naive).compare()
            }
        }
    }

    private func compareLengths(_ report: MetricsReport, _ naive: NaiveMetrics) throws {
        func compare(_ metric: Metric?, _ wanted: NaiveMetrics.Lengths) {
            #expect(metric?.n ?? 0 == Int64(wanted.n))
            #expect(metric?.p50 == wanted.p50)
            #expect(metric?.p95 == wanted.p95)
            #expect(metric?.max == wanted.max)
            #expect(metric?.mean == wanted.mean)
        }
        compare(try report.metric(.lockWaitTime), naive.waits)
        for tier in ["docker", "lightning", "odd", nil] {
            let metric = report.metrics.first {
                $0.name == .deploymentDuration && $0.scope == .tier(tier)
            }
            compare(metric, naive.durations(tier: tier))
        }
        for (tier, seconds) in [("lightning", 180), ("docker", 300)] {
            let quick = naive.tooQuick(tier: tier, seconds: seconds)
            #expect(
                try report.duration(tier: tier).detail("below_lower_bound")
                    == .integer(Int64(quick)))
        }
    }

    private func compareRates(_ report: MetricsReport, _ naive: NaiveMetrics) throws {
        func compare(_ name: Metric.Name, _ wanted: (part: Int, whole: Int)) throws {
            let metric = try report.metric(name)
            #expect(metric.numerator == Int64(wanted.part))
            #expect(metric.denominator == Int64(wanted.whole))
        }
        try compare(.skipRate, naive.skips)
        for word in ["batched", "pending", "unusable", "frozen"] {
            #expect(
                try report.metric(.skipRate).detail(word) == .integer(Int64(naive.skips(word))))
        }
        try compare(.successRate, naive.successes)
        try compare(.timeoutRate, naive.timeouts)
        try compare(.orphanRate, naive.orphans)
        let success = try report.metric(.successRate)
        let lives = naive.lives
        #expect(success.detail("rolled_back") == .integer(Int64(lives.rolledBack)))
        #expect(success.detail("failed_rollbacks") == .integer(Int64(lives.failedRollbacks)))
        if case .object(let reasons)? = success.detail("reasons") {
            let unhealthy = reasons.first { $0.key == "health" }?.value ?? .integer(0)
            #expect(unhealthy == .integer(Int64(lives.unhealthy)))
        }
        let waits = try report.metric(.lockWaitTime)
        #expect(waits.detail("frozen") == .integer(Int64(naive.frozen.count)))
        #expect(
            waits.detail("frozen_seconds")
                == (naive.frozen.isEmpty
                    ? nil : .seconds(microseconds: Int64(naive.frozen.reduce(0, +)) * 1_000_000)))
        let overruns = naive.overruns
        #expect(
            try report.metric(.timeoutRate).detail("ended_by_max_duration")
                == .object([
                    ("numerator", .integer(Int64(overruns.part))),
                    ("denominator", .integer(Int64(overruns.whole))),
                ]))
    }

    private func compareDeliveries(_ report: MetricsReport, _ naive: NaiveMetrics) throws {
        let metric = try report.metric(.timeToDeliver)
        let lengths = naive.timesToDeliver
        #expect(metric.n == Int64(lengths.n))
        #expect(metric.p50 == lengths.p50)
        #expect(metric.p95 == lengths.p95)
        #expect(metric.max == lengths.max)
        #expect(metric.mean == lengths.mean)
        let undelivered = naive.undelivered
        #expect(metric.detail("not_yet") == .integer(Int64(undelivered.count)))
        #expect(
            metric.detail("oldest_not_yet_seconds")
                == undelivered.max().map { .seconds(microseconds: Int64($0) * 1_000_000) })
        let waits = try report.metric(.lockWaitTime)
        if let longest = naive.longestSupersededWait, longest > 0 {
            #expect(
                waits.detail("longest_superseded_seconds")
                    == .seconds(microseconds: Int64(longest) * 1_000_000))
        }
    }

    private func compareQueue(_ report: MetricsReport, _ naive: NaiveMetrics) throws {
        let metric = try report.metric(.queueLength)
        guard let longest = naive.queues.first else {
            #expect(metric.value == nil)
            return
        }
        #expect(metric.value == .count(Int64(longest.max)))
        #expect(metric.n == Int64(longest.n))
        #expect(metric.detail("now") == .integer(Int64(longest.now)))
        #expect(metric.detail("mean") == .real(longest.mean))
        #expect(metric.detail("share_of_time_at_least_3") == .real(longest.share))
        if naive.queues.count > 1 { #expect(metric.detail("lock") == .string(longest.lock)) }
    }
}
