import HTTPTypes
import SystemCalls

/// The names this server goes by.
///
/// Any page on the web can have its own name lead to 127.0.0.1; only the name that a browser then
/// asks for gives that away.
struct HostList: Sendable {
    private let hosts: [HostName]

    init(_ options: DashboardOptions) {
        var hosts = options.allowedHosts
        if case .tcp(let text, _) = options.address, let address = IPAddress(text),
            !address.isUnspecified
        {
            let name = address.bytes.count == 4 ? address.text : "[\(address.text)]"
            hosts += [HostName(name)].compactMap(\.self)
        }
        // With any port: a tunnel has one of its own.
        self.hosts = hosts + ["localhost", "127.0.0.1", "[::1]"].compactMap(HostName.init)
    }

    /// Refuses a request for another server.
    ///
    /// - Throws: 400 where there is no name, or more than one; 421 for a foreign one.
    func check(_ request: HTTPRequest) throws(Problem) {
        guard let authority = request.authority, !request.headerFields.contains(Self.field) else {
            throw .badRequest("a request has exactly one Host field")
        }
        guard let host = HostName(authority) else {
            throw .badRequest("the Host field is not the name of a host")
        }
        guard admits(host) else { throw .misdirected }
    }

    /// Whether this server goes by that name.
    func admits(_ host: HostName) -> Bool {
        hosts.contains { $0.name == host.name && ($0.port == nil || $0.port == host.port) }
    }

    private static let field = HTTPField.Name("Host")!
}

/// A name or address of a host, perhaps with a port, as the `Host` field has it.
package struct HostName: Hashable, Sendable {
    /// In small letters; an IPv6 address in brackets, in its shortest form.
    package let name: String
    /// Nil where none is named.
    package let port: Int?

    /// Nil for what is none.
    package init?(_ text: String) {
        var name = text[...]
        var port: Int?
        if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
            let digits = text[text.index(after: colon)...]
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
                (1...65535).contains(number)
            else { return nil }
            port = number
            name = text[..<colon]
        }
        if name.first == "[", name.last == "]" {
            let address = String(name.dropFirst().dropLast())
            guard address.contains(":"), let parsed = IPAddress(address) else { return nil }
            self.name = "[\(parsed.text)]"
        } else {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isPartOfName) else { return nil }
            self.name = name.lowercased()
        }
        self.port = port
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_": true
        default: false
        }
    }
}
