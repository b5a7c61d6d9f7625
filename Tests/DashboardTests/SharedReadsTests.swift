import Synchronization
import Testing

@testable import Dashboard

struct SharedReadsTests {
    private struct Failure: Error {}
    private final class Counter: Sendable {
        private let count = Mutex(0)
        func next() -> Int {
            count.withLock {
                $0 += 1
                return $0
            }
        }
    }

    @Test func `all who ask for the same share one reading`() async throws {
        let (reads, counter) = (SharedReads<String, Int>(most: 2), Counter())
        let values = try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { try await reads.value("a") { counter.next() } } }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(values == [1])
        #expect(try await reads.value("b") { counter.next() } == 2)
        #expect(try await reads.value("a") { counter.next() } == 1)
    }

    @Test func `a failure is told and not kept`() async throws {
        let (reads, counter) = (SharedReads<String, Int>(most: 2), Counter())
        await #expect(throws: Failure.self) { try await reads.value("a") { throw Failure() } }
        #expect(try await reads.value("a") { counter.next() } == 1)
    }

    @Test func `what is too old, or one too many, is read again`() async throws {
        let counter = Counter()
        let old = SharedReads<String, Int>(most: 2, for: 0)
        #expect(try await old.value("a") { counter.next() } == 1)
        #expect(try await old.value("a") { counter.next() } == 2)
        let few = SharedReads<String, Int>(most: 1)
        #expect(try await few.value("a") { counter.next() } == 3)
        #expect(try await few.value("b") { counter.next() } == 4)
        #expect(try await few.value("a") { counter.next() } == 5)
    }
}
