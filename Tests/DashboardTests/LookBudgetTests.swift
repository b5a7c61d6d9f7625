import Testing

@testable import Dashboard

struct LookBudgetTests {
    private let second: Int64 = 1_000_000

    @Test func `a few looks may follow each other at once`() {
        var budget = LookBudget()
        for _ in 0..<LookBudget.most { #expect(budget.take(at: 90 * second) == nil) }
        #expect(budget.take(at: 90 * second) == LookBudget.interval)
        #expect(budget.take(at: 90 * second + 100_000) == LookBudget.interval - 100_000)
    }

    @Test func `where much is going on there are two in a second`() {
        var budget = LookBudget()
        let times = stride(from: second, to: 11 * second, by: 10_000)
        let looks = times.filter { budget.take(at: $0) == nil }
        #expect(looks.count == LookBudget.most + 19)
    }

    @Test func `who waits as long as told has a look`() {
        var budget = LookBudget()
        var now = 5 * second
        for _ in 0..<20 {
            guard let pause = budget.take(at: now) else { continue }
            #expect(pause > 0 && pause <= LookBudget.interval)
            now += pause
            #expect(budget.take(at: now) == nil)
        }
    }

    @Test func `a long rest saves up no more than that`() {
        var budget = LookBudget()
        _ = budget.take(at: second)
        let looks = (0..<10).filter { _ in budget.take(at: 1000 * second) == nil }
        #expect(looks.count == LookBudget.most)
    }
}
