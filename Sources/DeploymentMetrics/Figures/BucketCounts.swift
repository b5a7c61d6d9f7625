/// How many lengths of time there were up to each of some bounds.
package struct BucketCounts {
    /// The upper bounds in whole seconds, inclusive, ascending.
    package let bounds: [Int64]
    /// How many were above the bound before and not above this one; the last: above all.
    package private(set) var counts: [Int64]
    /// In microseconds.
    package private(set) var sum: Int64 = 0

    package init(bounds: [Int64]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    mutating func add(microseconds: Int64) {
        counts[bounds.firstIndex { microseconds <= $0 * 1_000_000 } ?? bounds.count] += 1
        sum &+= microseconds
    }
}
