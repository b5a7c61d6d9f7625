import Synchronization

/// Where queries wait for each other: one runs at a time, and no more than a few wait.
final class QueryDesk: Sendable {
    private let waiting = Mutex(0)
    private static let most = 8

    /// Runs a query behind those that came before.
    ///
    /// - Throws: 503 when too many wait already.
    func run<Result>(_ body: () async throws -> Result) async throws -> Result {
        let isFree = waiting.withLock { waiting in
            guard waiting < Self.most else { return false }
            waiting += 1
            return true
        }
        guard isFree else {
            throw Problem.unavailable(
                "too many queries are waiting", retryAfter: .random(in: 2...10))
        }
        defer { waiting.withLock { $0 -= 1 } }
        return try await body()
    }
}
