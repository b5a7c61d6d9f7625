import Glibc
import SystemCalls

extension WaitMonitor {
    /// Waits in the kernel until a lock can be taken; nil when it has been, by a duplicate of the
    /// same open file.
    mutating func wait(
        forLock file: borrowing FileDescriptor, _ mode: FlockMode
    ) throws(SystemError) -> WaitFailure? {
        let lock = try BlockingLock.start(file, mode)
        defer { withExtendedLifetime(lock) {} }
        return try wait(for: lock.descriptor)
    }

    /// Waits until a process has ended; where that cannot be seen, for a moment.
    ///
    /// Source: pidfd_open(2), readable when it terminates.
    mutating func wait(forEndOf process: ProcessIdentity) throws(SystemError) -> WaitFailure? {
        guard let descriptor = try? FileDescriptor.process(process.pid) else {
            return process.isDead ? nil : try pause()
        }
        return process.isDead ? nil : try wait(for: descriptor.rawValue)
    }

    /// Waits a moment, where the kernel cannot wake us.
    mutating func pause() throws(SystemError) -> WaitFailure? {
        try wait(for: nil, until: Clock.monotonicMicroseconds() + 200_000)
    }

    /// Waits until a descriptor is readable or a time has come.
    private mutating func wait(
        for descriptor: CInt?, until end: Int64? = nil
    ) throws(SystemError) -> WaitFailure? {
        while true {
            let now = Clock.monotonicMicroseconds()
            if let next = nextTick, next <= now { tick() }
            if let deadline, deadline <= now { return .timedOut }
            if let end, end <= now { return nil }
            let until = [nextTick, deadline, end].compactMap(\.self).min()
            let descriptors = [interruptDescriptor] + (descriptor.map { [$0] } ?? [])
            let ready = try Poll.readable(descriptors, until: until)
            if ready.contains(1) { return nil }
            if ready.contains(0), isInterrupted() { return .interrupted }
        }
    }
}
