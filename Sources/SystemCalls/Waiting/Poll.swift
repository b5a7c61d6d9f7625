import CLinux
import Glibc

/// Waiting for several descriptors at once.
package enum Poll {
    /// Waits until one of the descriptors is readable or the deadline has come.
    ///
    /// - Parameters:
    ///   - descriptors: what to watch.
    ///   - deadline: monotonic clock, µs; nil waits for ever.
    /// - Returns: the positions of the readable ones; empty when the deadline came first.
    package static func readable(
        _ descriptors: [CInt], until deadline: Int64?
    ) throws(SystemError) -> [Int] {
        var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while true {
            let count = poll(&entries, nfds_t(entries.count), milliseconds(until: deadline))
            if count > 0 { return entries.indices.filter { entries[$0].revents != 0 } }
            if count == -1, errno != EINTR { throw SystemError("poll") }
            if let deadline, Clock.monotonicMicroseconds() >= deadline { return [] }
        }
    }

    /// Waits until one descriptor is readable, another one takes something, or the deadline has come.
    ///
    /// - Parameter deadline: monotonic clock, µs.
    package static func wait(
        readable: CInt, writable: CInt?, until deadline: Int64
    ) throws(SystemError) {
        // Negative ones are passed over, poll(2).
        var entries = [
            pollfd(fd: readable, events: Int16(POLLIN), revents: 0),
            pollfd(fd: writable ?? -1, events: Int16(POLLOUT), revents: 0),
        ]
        try checked("poll") { poll(&entries, 2, milliseconds(until: deadline)) }
    }

    private static func milliseconds(until deadline: Int64?) -> CInt {
        guard let deadline else { return -1 }
        // Rounded up, so that the deadline has passed when poll comes back.
        let left = (deadline - Clock.monotonicMicroseconds() + 999) / 1000
        return CInt(clamping: max(0, left))
    }
}

extension FileDescriptor {
    /// A counter that becomes readable once somebody adds to it.
    ///
    /// The C function is `eventfd`.
    package static func event() throws(SystemError) -> FileDescriptor {
        FileDescriptor(
            owning: try checked("eventfd") { eventfd(0, CInt(EFD_CLOEXEC)) })
    }

    /// A file in memory, to be read from its beginning.
    ///
    /// The C function is `memfd_create` with `MFD_CLOEXEC`.
    package static func inMemory(_ content: [UInt8]) throws(SystemError) -> FileDescriptor {
        let file = FileDescriptor(
            owning: try checked("memfd_create") { memfd_create("content", 1) })
        try file.write(content, at: 0)
        return file
    }
}
