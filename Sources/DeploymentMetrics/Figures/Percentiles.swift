/// Nearest-rank percentiles and the mean of values in no order.
package struct Percentiles {
    package let n: Int64
    package let p50: Int64?
    package let p95: Int64?
    package let max: Int64?
    /// The arithmetic mean, cut off.
    package let mean: Int64?

    /// Takes the values, which end up in another order.
    package init(_ values: inout [Int64]) {
        let count = values.count
        n = Int64(count)
        guard count > 0 else {
            p50 = nil
            p95 = nil
            max = nil
            mean = nil
            return
        }
        mean = Self.mean(of: values)
        let ranks = [50, 95, 100].map { (count * $0 + 99) / 100 - 1 }
        var from = 0
        let found = values.withUnsafeMutableBufferPointer { values in
            ranks.map { rank in
                // What an earlier, lower rank left before it is smaller.
                let value = Self.select(rank, of: values, from: from)
                from = rank
                return value
            }
        }
        (p50, p95, max) = (found[0], found[1], found[2])
    }

    private static func mean(of values: [Int64]) -> Int64 {
        var (sum, overflows) = (Int64(0), false)
        for value in values {
            let (next, isBeyond) = sum.addingReportingOverflow(value)
            sum = next
            if isBeyond { overflows = true }
        }
        if !overflows { return sum / Int64(values.count) }
        // What a damaged record claims.
        return Int64(values.reduce(Int128(0)) { $0 + Int128($1) } / Int128(values.count))
    }

    /// The value that would stand at `rank` if all were sorted; smaller ones come to stand before
    /// it, larger ones behind.
    private static func select(
        _ rank: Int, of values: UnsafeMutableBufferPointer<Int64>, from start: Int
    ) -> Int64 {
        var low = start
        var high = values.count - 1
        var chance = UInt64(truncatingIfNeeded: values.count)
        while low < high {
            // The middle one of three from anywhere, so that no usual order of the values is a bad
            // one; the constants are Knuth's for a linear congruential generator.
            func anyone() -> Int64 {
                chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return values[low + Int(chance >> 33) % (high - low + 1)]
            }
            let (one, two, three) = (anyone(), anyone(), anyone())
            let pivot = Swift.max(Swift.min(one, two), Swift.min(Swift.max(one, two), three))
            var (less, index, greater) = (low, low, high)
            while index <= greater {
                let value = values[index]
                if value < pivot {
                    values.swapAt(less, index)
                    less += 1
                    index += 1
                } else if value > pivot {
                    values.swapAt(index, greater)
                    greater -= 1
                } else {
                    index += 1
                }
            }
            if rank < less {
                high = less - 1
            } else if rank > greater {
                low = greater + 1
            } else {
                return pivot
            }
        }
        return values[rank]
    }
}
