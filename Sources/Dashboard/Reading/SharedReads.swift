import Synchronization
import SystemCalls

/// What takes long to read, shared by all who ask for the same: it is read once, and kept for a while.
final class SharedReads<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Kept {
        /// Monotonic clock, in µs.
        let begun: Int64
        let task: Task<Value, any Error>
    }

    private let kept = Mutex<[Key: Kept]>([:])
    private let most: Int
    private let longest: Int64

    /// - Parameters:
    ///   - most: how many are kept; one more, and all others are forgotten.
    ///   - longest: for how many µs one is good.
    init(most: Int, for longest: Int64 = .max) {
        self.most = most
        self.longest = longest
    }

    /// What was read, or is being read; `read` reads it otherwise.
    ///
    /// A client that leaves does not end it for the others.
    func value(
        _ key: Key, _ read: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let now = Clock.monotonicMicroseconds()
        let one = kept.withLock { kept in
            if let one = kept[key], now - one.begun < longest { return one }
            if kept.count >= most { kept = [:] }
            let one = Kept(begun: now, task: Task { try await read() })
            kept[key] = one
            return one
        }
        do { return try await one.task.value } catch {
            // The next one tries again.
            kept.withLock { if $0[key]?.task == one.task { $0[key] = nil } }
            throw error
        }
    }
}
