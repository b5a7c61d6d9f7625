internal import Glibc

/// Datagrams to a log on this machine; nobody ever waits for it.
package enum LogSocket {
    /// What became of one.
    package enum Answer: Hashable, Sendable {
        case sent
        /// Nobody listens there.
        case nobody
        /// It is larger than the socket takes.
        case tooLarge
        /// It takes nothing now.
        case full
    }

    /// Sends one datagram.
    ///
    /// The C functions are `socket` and `sendto`.
    ///
    /// - Parameter path: the socket's.
    package static func send(_ bytes: [UInt8], to path: String) -> Answer {
        let type =
            CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        let raw = socket(AF_UNIX, type, 0)
        guard raw >= 0 else { return .full }
        let file = FileDescriptor(owning: raw)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        let isNameable = withUnsafeMutableBytes(of: &address.sun_path) { place in
            guard name.count < place.count else { return false }
            place.copyBytes(from: name)
            return true
        }
        guard isNameable else { return .nobody }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
        while true {
            let count = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(file.rawValue, bytes, bytes.count, flags, $0, size)
                }
            }
            if count >= 0 { return .sent }
            switch errno {
            case EINTR: continue
            case EMSGSIZE: return .tooLarge
            case EAGAIN, ENOBUFS, ENOMEM: return .full
            default: return .nobody
            }
        }
    }
}
