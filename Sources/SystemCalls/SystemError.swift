import Glibc

/// A call to the operating system that failed.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The C function, such as `open`.
    package let call: String
    /// What it was asked to work on, usually a path.
    package let subject: String?
    /// The value of `errno`.
    package let code: CInt

    /// Describes a failed `call` on `subject`; `code` is the current `errno` unless given.
    package init(_ call: String, _ subject: String? = nil, code: CInt = errno) {
        self.call = call
        self.subject = subject
        self.code = code
    }

    /// The system's words for the code, such as "No such file or directory".
    package var reason: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix(while: { $0 != 0 }).map(UInt8.init), as: UTF8.self)
    }

    /// What a person can do about it; nil where that depends on what was wanted.
    ///
    /// - Parameter permission: what to do when a permission is missing.
    package func advice(permission: @autoclosure () -> String? = nil) -> String? {
        switch code {
        case EACCES, EPERM: permission()
        case EROFS: "the file system is read-only: mount it writable again"
        case ENOSPC: "the disk is full or has no inodes left (see df and df -i): free some"
        case EDQUOT: "the disk quota is used up: free some space or raise it"
        case EFBIG: "the file may not grow further: raise the limit (ulimit -f)"
        case EMFILE: "this process may not open more files: raise the limit (ulimit -n)"
        case ENFILE: "the system may not open more files: raise fs.file-max"
        case ENOMEM: "the system has no memory left"
        case ENAMETOOLONG: "the path is too long: choose a shorter one"
        case ELOOP: "a symbolic link is in the way: name the file itself"
        case ENOTDIR: "a part of the path is not a directory"
        case EIO: "the disk reports an error: see dmesg"
        case ENOLCK, EOPNOTSUPP, ENOSYS:
            "the file system cannot do that: use a local disk of this machine"
        case ESTALE: "the file system was remounted: open the file again"
        default: nil
        }
    }

    /// The call, its subject and the reason.
    package var description: String {
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
