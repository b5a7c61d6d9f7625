import Glibc
import Processes
import SystemCalls

extension WaitMonitor {
    /// How often a waiter looks whether there is a point in waiting on, in µs.
    private static var lookInterval: Int64 { 250_000 }

    /// Waits in the kernel until a lock can be taken; nil when it has been, by a duplicate of the
    /// same open file.
    mutating func wait(
        forLock file: borrowing FileDescriptor, _ mode: FlockMode
    ) throws(SystemError) -> WaitFailure? {
        let lock = try BlockingLock.start(file, mode)
        let failure = try wait(for: lock.descriptor).failure
        if let error = lock.error { throw error }
        return failure
    }

    /// The same, or until the reason for waiting is gone, which is looked at now and then.
    ///
    /// A notice from the kernel would come at once, but inotify(7) gives one user 128 of them, and
    /// closing one takes 10 ms, for which the next in line would have to wait.
    mutating func wait(
        forLock file: borrowing FileDescriptor, _ mode: FlockMode, isPointless: () -> Bool
    ) throws(SystemError) -> WaitFailure? {
        let lock = try BlockingLock.start(file, mode)
        while true {
            let next = Clock.monotonicMicroseconds() + Self.lookInterval
            let (isTaken, failure) = try wait(for: lock.descriptor, until: next)
            if let error = lock.error { throw error }
            if failure != nil || isTaken || isPointless() { return failure }
        }
    }

    /// Waits until a process has ended, where that cannot be seen, for a moment, or until the reason
    /// for waiting is gone, which is looked at now and then.
    ///
    /// Source: pidfd_open(2), readable when it terminates.
    mutating func wait(
        forEndOf process: ProcessIdentity, isPointless: () -> Bool
    ) throws(SystemError) -> WaitFailure? {
        guard process.isOfOurNamespace,
            let descriptor = try? FileDescriptor.process(process.pid)
        else {
            return process.isDead || isPointless() ? nil : try pause()
        }
        while !process.isDead {
            let next = Clock.monotonicMicroseconds() + Self.lookInterval
            let (hasEnded, failure) = try wait(for: descriptor.rawValue, until: next)
            if failure != nil || hasEnded || isPointless() { return failure }
        }
        return nil
    }

    /// Waits a moment, in µs, where the kernel cannot wake us.
    mutating func pause(_ length: Int64 = 200_000) throws(SystemError) -> WaitFailure? {
        try wait(for: nil, until: Clock.monotonicMicroseconds() + length).failure
    }

    /// Waits until a descriptor is readable or a time has come.
    private mutating func wait(
        for descriptor: CInt?, until end: Int64? = nil
    ) throws(SystemError) -> (isReady: Bool, failure: WaitFailure?) {
        let descriptors = [descriptor].compactMap(\.self)
        while true {
            let now = Clock.monotonicMicroseconds()
            if let next = nextTick, next <= now, let failure = tick() { return (false, failure) }
            if let deadline, deadline <= now { return (false, .timedOut) }
            if let end, end <= now { return (false, nil) }
            let until = [nextTick, deadline, end].compactMap(\.self).min()
            let ready = try Poll.readable(descriptors + [interruptDescriptor], until: until)
            guard let first = ready.first else { continue }
            if first < descriptors.count { return (true, nil) }
            if isInterrupted() { return (false, .interrupted) }
        }
    }
}
