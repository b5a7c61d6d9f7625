import Glibc
import Synchronization

/// Work on a thread of its own, whose result somebody waits for.
package final class Background<Result: Sendable>: Sendable {
    private let done: FileDescriptor
    private let result = Mutex<Result?>(nil)

    private init() throws(SystemError) { done = try .event() }

    /// Starts to work.
    ///
    /// The thread finishes the work even when nobody waits for it.
    package static func start(
        _ work: sending @escaping () -> Result
    ) throws(SystemError) -> Background {
        let background = try Background()
        try startThread {
            let result = work()
            background.result.withLock { $0 = result }
            background.done.add()
        }
        return background
    }

    /// The result; nil when there is none by then.
    ///
    /// - Parameter deadline: monotonic clock, µs.
    package func result(by deadline: Int64) -> Result? {
        _ = try? Poll.readable([done.rawValue], until: deadline)
        return result.withLock { $0 }
    }
}

extension FileDescriptor {
    /// Adds one to a counter, see `event`.
    package func add() {
        var one: UInt64 = 1
        _ = Glibc.write(rawValue, &one, MemoryLayout<UInt64>.size)
    }

    /// Waits until a counter is not 0, and sets it to 0.
    package func takeAll() {
        var count: UInt64 = 0
        while Glibc.read(rawValue, &count, MemoryLayout<UInt64>.size) == -1, errno == EINTR {}
    }
}

/// Runs `work` on a new thread, which nobody joins.
package func startThread(_ work: sending @escaping () -> Void) throws(SystemError) {
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(ThreadWork(work))
    let code = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<ThreadWork>.fromOpaque(argument).takeRetainedValue().run()
            return nil
        }, retained.toOpaque())
    guard code == 0 else {
        retained.release()
        throw SystemError("pthread_create", code: code)
    }
    pthread_detach(thread)
}

/// What a thread is handed.
private final class ThreadWork {
    let run: () -> Void

    init(_ run: sending @escaping () -> Void) { self.run = run }
}
