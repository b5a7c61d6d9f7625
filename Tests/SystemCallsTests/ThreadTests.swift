import Synchronization
import SystemCalls
import Testing

@Suite struct ThreadTests {
    @Test func `work in the background has a result only once it is done`() throws {
        var pipe = try Pipe()
        let descriptor = pipe.reading?.rawValue ?? -1
        let work = try Background.start {
            _ = try? Poll.readable([descriptor], until: nil)
            return 7
        }
        #expect(work.result(by: Clock.monotonicMicroseconds() + 10_000) == nil)
        pipe.writing = nil
        #expect(work.result(by: Clock.monotonicMicroseconds() + 60_000_000) == 7)
    }

    @Test func `values that are read ahead come in their order, and not too many at once`() throws {
        let counter = Counter()
        let values = try ReadAhead.start(most: 2) { counter.next(to: 100) }
        for expected in 1...100 {
            #expect(values.next() == expected)
            // Two that wait, and one that waits for a place.
            #expect(counter.made <= expected + 3)
        }
        #expect(values.next() == nil)
        #expect(values.next() == nil)
    }
}

private final class Counter: Sendable {
    private let count = Mutex(0)

    var made: Int { count.withLock { $0 } }

    func next(to last: Int) -> Int? {
        count.withLock { count in
            if count == last { return nil }
            count += 1
            return count
        }
    }
}
