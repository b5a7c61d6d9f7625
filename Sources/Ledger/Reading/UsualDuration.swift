/// How long deployments of one kind have taken.
package struct UsualDuration: Hashable, Sendable {
    /// The median in µs, nearest rank.
    package let p50Us: Int64
    /// What 95 of 100 did not take longer than, in µs, nearest rank.
    package let p95Us: Int64
    /// How many there were.
    package let n: Int

    /// The fewest values whose p95 is more than their maximum.
    package static let enoughForP95 = 20

    /// Whether there are that many.
    package var hasP95: Bool { n >= Self.enoughForP95 }

    init?(ascending durations: [Int64]) {
        guard !durations.isEmpty else { return nil }
        n = durations.count
        p50Us = durations[(n + 1) / 2 - 1]
        p95Us = durations[(n * 95 + 99) / 100 - 1]
    }
}
