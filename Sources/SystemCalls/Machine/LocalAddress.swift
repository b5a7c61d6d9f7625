internal import Glibc

/// The address of a unix socket.
struct LocalAddress {
    private var address = sockaddr_un()
    private let size: socklen_t

    /// Nil for a path that is too long.
    ///
    /// - Parameter path: one that begins with `@` is no file, unix(7).
    init?(_ path: String) {
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        let isAbstract = name.first == UInt8(ascii: "@")
        let isNameable = withUnsafeMutableBytes(of: &address.sun_path) { place in
            guard name.count < place.count else { return false }
            place.copyBytes(from: name)
            if isAbstract { place[0] = 0 }
            return true
        }
        guard isNameable else { return nil }
        // What is behind such a name would be part of it.
        let path = MemoryLayout.offset(of: \sockaddr_un.sun_path) ?? 2
        size = socklen_t(isAbstract ? path + name.count : MemoryLayout<sockaddr_un>.size)
    }

    /// Gives the address to a call.
    mutating func withPointer<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        let size = size
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
        }
    }
}

/// Unix sockets that take connections.
package enum LocalSocket {
    /// The longest path one can have, in bytes.
    package static let longestPath = 107

    /// Whether a program listens at a path.
    ///
    /// The C functions are `socket` and `connect`.
    package static func isListening(at path: String) -> Bool {
        let type =
            CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        let raw = socket(AF_UNIX, type, 0)
        guard raw >= 0, var address = LocalAddress(path) else { return false }
        let file = FileDescriptor(owning: raw)
        // A full queue is one, too.
        return address.withPointer { connect(file.rawValue, $0, $1) } == 0 || errno == EAGAIN
    }

    /// The permissions that sockets are made with from now on, and whatever else is.
    ///
    /// The C function is `umask`.
    package static func makeWith(mode: UInt32) { umask(0o777 & ~mode) }
}
