/// How often is looked where much is going on: what a look finds is also rendered and sent to every
/// page, and deployments need the processors more.
///
/// A few looks may follow each other at once, so that a deployment that comes and goes is seen at once.
struct LookBudget: Sendable {
    /// Looks that may follow each other at once.
    static let most = 4
    /// After how long there is one more, in µs.
    static let interval: Int64 = 500_000

    /// How many looks there are; what is left is counted from `since`.
    private var left = most
    /// Monotonic clock, µs.
    private var since: Int64 = 0

    /// Takes one look.
    ///
    /// - Returns: how long to wait for one when there is none, in µs; nil when one was taken.
    mutating func take(at now: Int64) -> Int64? {
        let more = max(0, now - since) / Self.interval
        left = Int(min(Int64(Self.most), Int64(left) + more))
        since = left == Self.most ? now : since + more * Self.interval
        guard left > 0 else { return since + Self.interval - now }
        left -= 1
        return nil
    }
}
