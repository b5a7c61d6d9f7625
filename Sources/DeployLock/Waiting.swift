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

    /// The same, or until another descriptor is readable and the reason for waiting is gone.
    mutating func wait(
        forLock file: borrowing FileDescriptor, _ mode: FlockMode, _ notices: CInt,
        isPointless: () -> Bool
    ) throws(SystemError) -> WaitFailure? {
        let lock = try BlockingLock.start(file, mode)
        defer { withExtendedLifetime(lock) {} }
        while true {
            let (ready, failure) = try wait(for: [lock.descriptor, notices])
            if failure != nil || ready == 0 || isPointless() { return failure }
        }
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
        try wait(for: [descriptor].compactMap(\.self), until: end).failure
    }

    /// The same for several descriptors; tells which is readable.
    private mutating func wait(
        for descriptors: [CInt], until end: Int64? = nil
    ) throws(SystemError) -> (ready: Int?, failure: WaitFailure?) {
        while true {
            let now = Clock.monotonicMicroseconds()
            if let next = nextTick, next <= now { tick() }
            if let deadline, deadline <= now { return (nil, .timedOut) }
            if let end, end <= now { return (nil, nil) }
            let until = [nextTick, deadline, end].compactMap(\.self).min()
            let ready = try Poll.readable(descriptors + [interruptDescriptor], until: until)
            guard let first = ready.first else { continue }
            if first < descriptors.count { return (first, nil) }
            if isInterrupted() { return (nil, .interrupted) }
        }
    }
}
