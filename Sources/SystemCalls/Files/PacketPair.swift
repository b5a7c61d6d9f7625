import Glibc

/// Two connected sockets that carry whole packets.
package struct PacketPair: ~Copyable {
    /// One end; nil once it was taken.
    package var first: FileDescriptor?
    /// The other end; nil once it was taken.
    package var second: FileDescriptor?

    /// Connects two ends, close-on-exec.
    ///
    /// The C function is `socketpair` with `SOCK_SEQPACKET`: reading gives one packet, and nothing
    /// once no process has the other end any more.
    package init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_SEQPACKET.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        try checked("socketpair") { socketpair(AF_UNIX, type, 0, &ends) }
        first = FileDescriptor(owning: ends[0])
        second = FileDescriptor(owning: ends[1])
    }
}

/// What came out of a socket that carries packets.
package enum Packet<Value> {
    /// A packet.
    case received(Value)
    /// Nothing now.
    case nothing
    /// Nothing any more.
    case closed
}

extension FileDescriptor {
    /// Takes the next packet out of a socket without waiting.
    ///
    /// `empty` has the size and form of a packet. A call that fails says nothing about the other end:
    /// only its absence is the end. The C function is `recv`.
    package func receive<Value: BitwiseCopyable>(as empty: Value) -> Packet<Value> {
        var value = empty
        while true {
            let count = recv(rawValue, &value, MemoryLayout<Value>.size, CInt(MSG_DONTWAIT))
            if count == MemoryLayout<Value>.size { return .received(value) }
            if count == -1, errno == EINTR { continue }
            return count == 0 ? .closed : .nothing
        }
    }

    /// Sends one packet; false when the other end is gone or takes no more.
    ///
    /// The C function is `send`.
    @discardableResult
    package func send<Value: BitwiseCopyable>(_ value: Value) -> Bool {
        var value = value
        let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
        while true {
            let count = Glibc.send(rawValue, &value, MemoryLayout<Value>.size, flags)
            if count == -1, errno == EINTR { continue }
            return count == MemoryLayout<Value>.size
        }
    }
}
