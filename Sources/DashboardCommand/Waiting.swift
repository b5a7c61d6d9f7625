import Dispatch
import Synchronization

/// From a command's own thread to what runs on others.
enum Waiting {
    /// Waits for the end of what runs meanwhile.
    static func wait(_ body: @escaping @Sendable () async throws -> Void) throws {
        let done = DispatchSemaphore(value: 0)
        let failure = Mutex<(any Error)?>(nil)
        Task.detached {
            do { try await body() } catch { failure.withLock { $0 = error } }
            done.signal()
        }
        done.wait()
        if let error = failure.withLock(\.self) { throw error }
    }
}
