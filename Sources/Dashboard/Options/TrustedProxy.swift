package import SystemCalls

/// Somebody in front of this server who is believed about where requests come from.
package enum TrustedProxy: Hashable, Sendable {
    /// Whoever may connect to the unix socket.
    case unixSocket
    /// The addresses whose first bits are those.
    case range(IPAddress, bits: Int)

    /// Reads `unix`, an address, or a range such as `10.0.0.0/8`; nil for anything else.
    package init?(_ text: String) {
        if text == "unix" {
            self = .unixSocket
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
        let most = 8 * address.bytes.count
        guard parts.count == 2 else {
            self = .range(address, bits: most)
            return
        }
        guard let bits = Int(parts[1]), (0...most).contains(bits) else { return nil }
        self = .range(address, bits: bits)
    }

    /// - Parameter peer: nil for the other end of a unix socket.
    func contains(_ peer: IPAddress?) -> Bool {
        switch self {
        case .unixSocket: return peer == nil
        case .range(let start, let bits):
            guard let peer, peer.bytes.count == start.bytes.count else { return false }
            let whole = bits / 8
            guard peer.bytes.prefix(whole) == start.bytes.prefix(whole) else { return false }
            let rest = bits % 8
            return rest == 0 || (peer.bytes[whole] ^ start.bytes[whole]) >> (8 - rest) == 0
        }
    }
}
