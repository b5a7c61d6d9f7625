internal import Glibc

/// Datagrams to a program on this machine, such as its log; nobody ever waits for it.
package enum LocalDatagram {
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
    /// - Parameter path: the socket's; one that begins with `@` is no file, unix(7).
    package static func send(_ bytes: [UInt8], to path: String) -> Answer {
        let type =
            CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        let raw = socket(AF_UNIX, type, 0)
        guard raw >= 0 else { return .full }
        let file = FileDescriptor(owning: raw)
        guard var address = LocalAddress(path) else { return .nobody }
        let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
        while true {
            let count = address.withPointer { pointer, size in
                sendto(file.rawValue, bytes, bytes.count, flags, pointer, size)
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
