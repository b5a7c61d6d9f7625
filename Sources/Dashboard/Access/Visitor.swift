import HTTPTypes
import NIOCore
import SystemCalls

/// Where a request comes from, and what its sender calls this server, whatever is in between.
struct Visitor: Hashable, Sendable {
    /// An IP address, or `unix` where nobody who is believed named one.
    var address = "unix"
    /// Whether they see `https`.
    var isSecure = false
    /// The host they asked for, perhaps with a port.
    var host = "localhost"

    /// What the addresses of this server begin with for them, without a path.
    var origin: String { "\(isSecure ? "https" : "http")://\(host)" }
}

/// The proxies in front, and what they say.
struct Proxies: Sendable {
    let trusted: [TrustedProxy]
    /// Whether the connections of this server are encrypted.
    let isSecure: Bool

    /// Where a request comes from: what `X-Forwarded-*` say counts where a trusted proxy sent it.
    func visitor(of request: HTTPRequest, peer: SocketAddress?) -> Visitor {
        let peer = peer?.ipAddress.flatMap(IPAddress.init)
        let direct = Visitor(
            address: peer?.text ?? "unix", isSecure: isSecure, host: request.authority ?? "")
        guard isTrusted(peer) else { return direct }
        let fields = request.headerFields
        return Visitor(
            address: Self.address(fields[values: .forwardedFor], isTrusted) ?? direct.address,
            isSecure: Self.last(fields[values: .forwardedProto]).map { $0 == "https" }
                ?? isSecure,
            host: Self.last(fields[values: .forwardedHost]) ?? direct.host)
    }

    private func isTrusted(_ peer: IPAddress?) -> Bool {
        trusted.contains { $0.contains(peer) }
    }

    /// The hop nearest to us that nobody vouches for: what is further left anybody can write.
    private static func address(
        _ fields: [String], _ isTrusted: (IPAddress?) -> Bool
    ) -> String? {
        var nearest: String?
        for hop in list(fields).reversed() {
            guard let address = IPAddress(hop) else { break }
            nearest = address.text
            if !isTrusted(address) { break }
        }
        return nearest
    }

    private static func last(_ fields: [String]) -> String? { list(fields).last }

    private static func list(_ fields: [String]) -> [String] {
        fields.flatMap { $0.split(separator: ",") }.map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }
}
