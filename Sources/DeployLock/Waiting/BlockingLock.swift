import Glibc
import Synchronization
import SystemCalls

/// A `flock(2)` that is waited for on a thread of its own.
///
/// The kernel queues us in the call itself, so there is no polling; and because the call sits on
/// another thread, the deadline and signals are an ordinary `poll(2)` for the caller, with no
/// moment in which a signal can come just before the call blocks.
///
/// A wait that was given up leaves its thread blocked: the callers that give up end the process, or
/// go on with another file because this one was abandoned.
final class BlockingLock: Sendable {
    private let file: FileDescriptor
    private let mode: FlockMode
    private let done: FileDescriptor
    private let failure = Mutex<SystemError?>(nil)

    private init(_ file: consuming FileDescriptor, _ mode: FlockMode) throws(SystemError) {
        self.file = file
        self.mode = mode
        done = try .event()
    }

    /// Starts to wait for the lock on a private duplicate of the open file.
    static func start(
        _ file: borrowing FileDescriptor, _ mode: FlockMode
    ) throws(SystemError) -> BlockingLock {
        let lock = try BlockingLock(file.duplicate(atLeast: 0), mode)
        try startThread { lock.wait() }
        return lock
    }

    /// Becomes readable when the lock has been taken or could not be.
    var descriptor: CInt { done.rawValue }

    /// Why the lock could not be waited for; nil when it was taken or is not yet.
    var error: SystemError? { failure.withLock { $0 } }

    private func wait() {
        do throws(SystemError) {
            try file.lock(mode)
        } catch {
            failure.withLock { $0 = error }
        }
        done.add()
    }
}
