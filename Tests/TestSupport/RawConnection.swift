import Glibc
import SystemCalls

/// A connection to a server on this machine, on which a test says what it likes.
package final class RawConnection {
    private let file: CInt
    private var received: [UInt8] = []

    /// Connects to a port of 127.0.0.1.
    package init(port: Int) throws {
        file = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        try connect(&address)
    }

    /// Connects to a unix socket.
    package init(path: String) throws {
        file = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        try connect(&address)
    }

    private func connect<Address>(_ address: inout Address) throws {
        let size = socklen_t(MemoryLayout<Address>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(file, $0, size)
            }
        }
        guard code == 0 else { throw SystemError("connect") }
    }

    deinit { close(file) }

    /// Sends text; false when the other end is gone.
    @discardableResult
    package func send(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(file, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Sends nothing more.
    package func finish() { shutdown(file, CInt(SHUT_WR)) }

    /// The next answer.
    ///
    /// - Parameter hasBody: whether its body is read; the one of an answer to `HEAD` is none, the one
    ///   of a stream has no end.
    package func answer(hasBody: Bool = true) throws -> RawAnswer {
        let separator = Array("\r\n\r\n".utf8)
        var start: Int?
        while true {
            start = received.firstRange(of: separator)?.lowerBound
            if start != nil { break }
            guard try receive() else { throw Ended(received: text) }
        }
        let end = start ?? 0
        var answer = RawAnswer(head: String(decoding: received[..<end], as: UTF8.self))
        received.removeFirst(end + separator.count)
        guard hasBody else { return answer }
        let length = answer["Content-Length"].flatMap(Int.init) ?? 0
        while received.count < length {
            guard try receive() else { throw Ended(received: text) }
        }
        answer.body = String(decoding: received.prefix(length), as: UTF8.self)
        received.removeFirst(length)
        return answer
    }

    /// Reads on until what came of a stream fulfils a condition.
    ///
    /// - Returns: all that came of it so far, the lengths of chunks included.
    @discardableResult
    package func read(until condition: (String) -> Bool) throws -> String {
        let deadline = Clock.monotonicMicroseconds() + ChildProcess.patience / 4
        while !condition(text) {
            guard try receive() else { throw Ended(received: text) }
            // A stream never falls silent.
            guard Clock.monotonicMicroseconds() < deadline else { throw Silent(received: text) }
        }
        return text
    }

    /// What comes until the other end closes the connection.
    package func rest() throws -> String {
        while try receive() {}
        return text
    }

    /// Drops everything that comes from now on, as if the machine at this end were gone: nothing is
    /// acknowledged, and no end is sent.
    ///
    /// - Returns: whether the system does that.
    package func vanish() -> Bool {
        // A filter of one instruction, "return 0": nothing of a packet is kept. The structures and
        // numbers of <linux/filter.h>, see socket(7).
        let attachFilter: CInt = 26
        var instruction: (code: UInt16, jumps: UInt16, value: UInt32) = (6, 0, 0)
        return withUnsafeMutablePointer(to: &instruction) { instruction in
            var program: (count: UInt16, first: UnsafeMutableRawPointer) = (
                1, UnsafeMutableRawPointer(instruction)
            )
            let size = socklen_t(MemoryLayout.size(ofValue: program))
            return setsockopt(file, SOL_SOCKET, attachFilter, &program, size) == 0
        }
    }

    private var text: String { String(decoding: received, as: UTF8.self) }

    /// Waits for more; false when nothing more comes.
    private func receive() throws -> Bool {
        var entry = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, CInt(ChildProcess.patience / 1000)) > 0 else {
            throw Silent(received: text)
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(file, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received += buffer[..<count]
        return true
    }

    struct Ended: Error { let received: String }
    struct Silent: Error { let received: String }
}

/// What a server answered.
package struct RawAnswer: Sendable {
    /// The number, such as 200.
    package let status: Int
    /// In the order they came.
    package let fields: [(name: String, value: String)]
    package var body = ""

    init(head: String) {
        let lines = head.split(separator: "\r\n").map(String.init)
        let words = (lines.first ?? "").split(separator: " ")
        status = words.count > 1 ? Int(words[1]) ?? 0 : 0
        fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (String(parts[0]), parts.count > 1 ? String(parts[1].dropFirst()) : "")
        }
    }

    /// The first field of that name.
    package subscript(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
