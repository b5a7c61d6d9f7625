@testable import DeploymentMetrics
import TestSupport
import Testing

@Suite("Nearest-rank percentiles by selection")
struct PercentilesTests {
    @Test func `selected percentiles are those of the sorted values`() {
        var chance = SeededRandom(state: 9)
        for count in [0, 1, 2, 19, 20, 21, 100, 1001] {
            for range: ClosedRange<Int64> in [0...0, 0...3, 0...1_000_000] {
                var values = (0..<count).map { _ in Int64.random(in: range, using: &chance) }
                let ordered = values.sorted()
                let found = Percentiles(&values)
                func rank(_ percent: Int) -> Int64? {
                    ordered.isEmpty ? nil : ordered[(count * percent + 99) / 100 - 1]
                }
                #expect(found.n == Int64(count))
                #expect(found.p50 == rank(50))
                #expect(found.p95 == rank(95))
                #expect(found.max == ordered.last)
                #expect(values.sorted() == ordered)
            }
        }
    }
}
