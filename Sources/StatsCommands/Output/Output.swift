import ArgumentParser
import Glibc

/// Standard output, collected into large writes.
final class Output {
    private var buffer: [UInt8] = []
    private static let enough = 64 << 10

    /// A closed pipe shall be an error of `write`, not the end of the process by a signal.
    static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// Adds text; call `flush` at the end.
    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.enough { try flush() }
    }

    /// Writes what was collected.
    ///
    /// A reader that has gone away (`| head`) has what it wanted: that ends the run quietly.
    func flush() throws {
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                Glibc.write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                throw ExitCode.success
            } else if errno == EAGAIN {
                var entry = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                poll(&entry, 1, -1)
            } else if errno != EINTR {
                let reason = String(cString: strerror(errno))
                throw Failure.because("standard output cannot be written: \(reason)")
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Whether whoever read standard output has gone away.
    static var readerIsGone: Bool {
        var entry = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&entry, 1, 0) > 0 && entry.revents & Int16(POLLERR) != 0
    }

    /// Writes one text and ends.
    static func print(_ text: String) throws {
        let output = Output()
        try output.write(text)
        try output.flush()
    }
}
