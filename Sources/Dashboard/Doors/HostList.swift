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
        guard let authority = request.authority, !request.headerFields.contains(.host) else {
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
}
