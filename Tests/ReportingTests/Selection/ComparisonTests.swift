@testable import DeploymentMetrics
import Queries
@testable import Reporting
import Testing

/// What is worth a sentence about a change, and how values read beside their targets.
@Suite("Comparing periods")
struct ComparisonTests {
    private func wait(_ microseconds: Int64?) -> Metric {
        Metric(
            name: .lockWaitTime, unit: .seconds, statistic: .max,
            value: microseconds.map { .duration($0) }, target: Targets.builtIn.lockWaitTime, n: 3)
    }

    private func pair(_ then: Int64?, _ now: Int64?) -> Comparison {
        Comparison(current: wait(now), previous: wait(then))
    }

    @Test func `nothing is compared with nothing, and nobody sees what the figures do not show`() {
        #expect(!pair(nil, 5_000_000).isNotable)
        #expect(!pair(nil, 900_000_000).isNotable)
        #expect(pair(900_000_000, nil).isNotable)
        #expect(!Comparison(current: wait(5), previous: nil).isNotable)
        // Below a millisecond all read the same.
        #expect(!pair(400, 700).isNotable)
        #expect(pair(400, 700).changeText == "no change")
        #expect(pair(10_000_000, 20_000_000).isNotable)
        #expect(!pair(10_000_000, 12_000_000).isNotable)
        #expect(pair(10_000_000, 400_000_000).isNotable)
    }

    @Test func `many times as much is said as that`() {
        #expect(pair(10_000_000, 25_000_000).changeText == "+150 %")
        #expect(pair(10_000_000, 99_000_000).changeText == "+890 %")
        #expect(pair(10_000_000, 120_000_000).changeText == "12×")
        #expect(pair(400, 1_800_000_000).changeText == ">1000×")
        #expect(pair(20_000_000, 10_000_000).changeText == "-50 %")
    }

    @Test func `a value that misses its target does not read as if it met it`() {
        #expect(wait(299_999_999).statedValue == "max 4m59s")
        #expect(wait(300_900_000).statedValue == "max >5m")
        #expect(wait(301_000_000).statedValue == "max 5m1s" || wait(301_000_000).status == .fail)
        func rate(_ numerator: Int64, _ denominator: Int64, _ target: Targets.Target?) -> Metric {
            Metric(
                name: .skipRate, unit: .ratio, statistic: .rate,
                value: .ratio(Double(numerator) / Double(denominator)), target: target,
                n: denominator,
                numerator: numerator, denominator: denominator)
        }
        let skip = Targets.builtIn.skipRate
        #expect(rate(9996, 100_000, skip).statedValue == ">9.9 %")
        #expect(rate(10_004, 100_000, skip).statedValue == ">10 %")
        #expect(rate(10, 100, skip).statedValue == "10 %")
    }
}
