import Synchronization

/// How many answers there were of each class of status: 1xx, 2xx, and so on.
final class AnswerCounts: Sendable {
    private let counts = Mutex([Int64](repeating: 0, count: 5))

    /// The counts since the start.
    var count: [Int64] { counts.withLock { $0 } }

    /// Counts one.
    func note(_ status: Int) {
        guard (100..<600).contains(status) else { return }
        counts.withLock { $0[status / 100 - 1] += 1 }
    }
}
