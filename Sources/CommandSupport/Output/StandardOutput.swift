import ArgumentParser
import Glibc
import SystemCalls

/// Standard output, collected into large writes.
package final class StandardOutput {
    private var buffer: [UInt8] = []
    private static let enough = 64 << 10

    /// An empty one.
    package init() {}

    /// Adds text; call `flush` at the end.
    package func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.enough { try flush() }
    }

    /// Adds bytes as they are.
    package func write(_ bytes: [UInt8]) throws {
        buffer += bytes
        if buffer.count >= Self.enough { try flush() }
    }

    /// Writes what was collected.
    ///
    /// A reader that has gone away (`| head`) has what it asked for: where a broken pipe is an error
    /// and not the end of the process by a signal, that ends the run quietly. Everything else ends
    /// it with a line that says why.
    package func flush() throws {
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
                let reason = SystemError("write").reason
                Terminal.complain("\(Tool.name): standard output cannot be written: \(reason)")
                throw ExitCode.failure
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes one text and makes sure that it is out.
    package static func print(_ text: String) throws {
        let output = StandardOutput()
        try output.write(text)
        try output.flush()
    }

    /// Whether whoever read standard output has gone away.
    package static var readerIsGone: Bool {
        var entry = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&entry, 1, 0) > 0 && entry.revents & Int16(POLLERR) != 0
    }

    /// Whether it is a terminal.
    package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// How many columns the terminal has; nil when it is none.
    package static var columns: Int? {
        isTerminal ? Terminal.columns(of: STDOUT_FILENO) : nil
    }

    /// Whether it is a terminal that can be cleared and drawn again.
    package static var canRedraw: Bool {
        isTerminal && Environment.value("TERM").map { $0 != "dumb" } ?? false
    }
}
