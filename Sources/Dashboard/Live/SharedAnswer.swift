import Synchronization
import SystemCalls

/// Something that takes long to read, shared by all who ask for it while nothing changes.
final class SharedAnswer<Value: Sendable>: Sendable {
    private struct Kept {
        let version: String
        /// Monotonic clock, µs.
        let begun: Int64
        let task: Task<Value, any Error>
    }

    private let kept = Mutex<Kept?>(nil)
    /// For how long one is good although nothing changed, in µs: ages in it grow.
    private let longest: Int64

    init(for longest: Int64) { self.longest = longest }

    /// What was read for a version, or is being read; `read` reads it otherwise.
    func value(
        _ version: String, _ read: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let now = Clock.monotonicMicroseconds()
        let task = kept.withLock { kept in
            if let kept, kept.version == version, now - kept.begun < longest { return kept.task }
            let task = Task { try await read() }
            kept = Kept(version: version, begun: now, task: task)
            return task
        }
        do { return try await task.value } catch {
            // The next one tries again.
            kept.withLock { if $0?.version == version { $0 = nil } }
            throw error
        }
    }
}
