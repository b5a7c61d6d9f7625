public import Glibc

/// A call to the operating system that failed.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The C function, such as `open`.
    public let call: String
    /// What it was asked to work on, usually a path.
    public let subject: String?
    /// The value of `errno`.
    public let code: CInt

    /// Describes a failed `call` on `subject`; `code` is the current `errno` unless given.
    public init(_ call: String, _ subject: String? = nil, code: CInt = errno) {
        self.call = call
        self.subject = subject
        self.code = code
    }

    /// The system's words for the code, such as "No such file or directory".
    public var reason: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix(while: { $0 != 0 }).map(UInt8.init), as: UTF8.self)
    }

    /// The call, its subject and the reason.
    public var description: String {
        "\(call)\(subject.map { " \($0)" } ?? ""): \(reason)"
    }
}

/// Repeats a system call that a signal interrupted (`EINTR`), then throws unless it succeeded.
@discardableResult
func checked<Value: BinaryInteger>(
    _ call: String, _ subject: String? = nil, _ body: () -> Value
) throws(SystemError) -> Value {
    while true {
        let value = body()
        if value != -1 { return value }
        let code = errno
        if code != EINTR { throw SystemError(call, subject, code: code) }
    }
}
