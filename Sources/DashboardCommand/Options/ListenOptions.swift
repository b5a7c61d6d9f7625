import ArgumentParser
import CommandSupport
import Dashboard
import SystemCalls

/// Where the server listens.
struct ListenOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The IP address to listen on, or localhost. (default: 127.0.0.1)",
            valueName: "address"))
    var host: String?

    @Option(
        help: ArgumentHelp(
            "The port to listen on; 0 for any. (default: 8080)", valueName: "number"))
    var port: Int?

    @Option(
        help: ArgumentHelp(
            "Listen on a unix socket at this path instead, for its owner and group.",
            valueName: "path"), completion: .file())
    var socket: String?

    @Option(
        help: ArgumentHelp(
            "Serve HTTPS with the certificate in this PEM file, which is read again when it changes.",
            valueName: "path"), completion: .file())
    var tlsCert: String?

    @Option(
        help: ArgumentHelp("The certificate's key, a PEM file.", valueName: "path"),
        completion: .file())
    var tlsKey: String?

    func validate() throws {
        guard (tlsCert == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-cert and --tls-key go together")
        }
        if let port, !(0...65535).contains(port) {
            throw ValidationError("--port must be a number from 0 to 65535, not '\(port)'")
        }
        if socket == nil, ip == nil {
            throw ValidationError(
                "--host must be an IP address or localhost, not '\(host ?? "")': names are not looked up"
            )
        }
        guard let socket else { return }
        guard host == nil, port == nil, tlsCert == nil else {
            throw ValidationError("--socket does not go with --host, --port or --tls-cert")
        }
        guard socket.utf8.count <= LocalSocket.longestPath else {
            throw ValidationError(
                "the path of a socket has at most \(LocalSocket.longestPath) bytes: use a shorter one"
            )
        }
    }

    /// The IP address to listen on; nil for a socket.
    var ip: IPAddress? {
        guard socket == nil else { return nil }
        return IPAddress(
            host.map { $0.lowercased() == "localhost" ? "127.0.0.1" : $0 } ?? "127.0.0.1")
    }

    /// What others than users of this machine reach.
    var isOpen: Bool { ip.map { !$0.isLoopback } ?? false }

    var address: DashboardOptions.Address {
        if let socket { return .unix(socket) }
        return .tcp(host: ip?.text ?? "127.0.0.1", port: port ?? 8080)
    }

    var certificate: DashboardOptions.Certificate? {
        guard let tlsCert, let tlsKey else { return nil }
        return DashboardOptions.Certificate(certificate: tlsCert, key: tlsKey)
    }
}
