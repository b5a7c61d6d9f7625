import Glibc

/// A stream of this process to whose reader we never wait: who reads slowly, or not at all, holds
/// up nobody.
package struct EchoStream: ~Copyable, Sendable {
    /// What became of a piece.
    package enum Answer: Hashable, Sendable {
        /// How many bytes of it the stream took.
        case took(Int)
        /// It takes nothing now.
        case full
        /// It takes nothing any more.
        case gone
    }

    private enum Kind {
        /// Never waits.
        case direct
        /// Does not wait when told so with each piece.
        case socket
        /// May wait, so it is asked first and given no more than it has room for then.
        case asked
    }

    private let raw: CInt
    private let kind: Kind
    /// The same pipe or terminal opened once more, because the one we were given is shared with
    /// others, who do not expect it to refuse anything.
    private let own: FileDescriptor?

    /// Prepares a descriptor, which stays open and as it is.
    package init(_ descriptor: CInt) {
        var status = stat()
        let type = fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : S_IFIFO
        let name = "/proc/self/fd/\(descriptor)"
        var own: FileDescriptor?
        if type == S_IFIFO || type == S_IFCHR {
            own = try? FileDescriptor.open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY)
        }
        let raw = own?.rawValue ?? descriptor
        let isDirect = type == S_IFREG || raw != descriptor
        kind = isDirect ? .direct : type == S_IFSOCK ? .socket : .asked
        self.raw = raw
        self.own = own
    }

    /// What to wait for until it takes something again, poll(2).
    package var descriptor: CInt { raw }

    /// Writes as much of a piece as there is room for.
    package func write(_ bytes: ArraySlice<UInt8>) -> Answer {
        if bytes.isEmpty { return .took(0) }
        if kind == .asked, !hasRoom { return .full }
        // A pipe that has room at all has it for so much, pipe(7).
        let most = kind == .asked ? min(bytes.count, 4096) : bytes.count
        while true {
            let count = bytes.withUnsafeBytes { buffer in
                kind == .socket
                    ? send(raw, buffer.baseAddress, most, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
                    : Glibc.write(raw, buffer.baseAddress, most)
            }
            if count >= 0 { return .took(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .full
            default: return .gone
            }
        }
    }

    private var hasRoom: Bool {
        var entry = pollfd(fd: raw, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) > 0
    }
}
