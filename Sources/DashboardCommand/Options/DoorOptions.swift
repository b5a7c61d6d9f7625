import ArgumentParser
import CommandSupport
import Dashboard
import SystemCalls

/// Who is let in, and by which names.
struct DoorOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A name that browsers call this server by, perhaps with a port; may be given more than once. "
                + "Those of loopback always work.", valueName: "name"))
    var allowedHost: [String] = []

    @Option(
        help: ArgumentHelp(
            "The path of the server on a host it shares, such as /deploys.", valueName: "path"))
    var basePath: String?

    @Option(
        help: ArgumentHelp(
            "An address or range such as 10.0.0.0/8, or unix for whoever may connect to the socket, "
                + "whose X-Forwarded-For, -Proto and -Host are believed; may be given more than once.",
            valueName: "address"))
    var trustedProxy: [String] = []

    @Flag(
        name: .customLong("public"),
        help: "Let everybody on this machine read, without a token; on loopback only.")
    var isPublic = false

    @Flag(help: "Serve plain HTTP on an address that others reach.")
    var insecure = false

    @Flag(help: "Let everybody read the badges, without a token.")
    var publicBadges = false

    /// Sets what these say.
    ///
    /// - Throws: a usage error for what cannot be meant, alone or together with where it listens.
    func apply(to options: inout DashboardOptions, _ listen: ListenOptions) throws {
        options.allowedHosts = try allowedHost.map { text in
            guard let host = HostName(text) else {
                throw ValidationError(
                    "--allowed-host must be a name such as deploys.example.com, not '\(text)'")
            }
            return host
        }
        options.trustedProxies = try proxies(listen)
        options.basePath = try path()
        options.isPublic = isPublic
        options.hasPublicBadges = publicBadges
        try check(listen)
    }

    private func check(_ listen: ListenOptions) throws {
        if isPublic {
            guard listen.socket == nil, !listen.isOpen else {
                throw ValidationError(
                    "--public is for an address of loopback only: elsewhere use tokens")
            }
            // What has another name is reached from elsewhere.
            guard trustedProxy.isEmpty, allowedHost.isEmpty else {
                throw ValidationError(
                    "--public does not go with --trusted-proxy or --allowed-host: use tokens")
            }
        }
        guard listen.isOpen else { return }
        if listen.certificate == nil, trustedProxy.isEmpty, !insecure {
            throw ValidationError(
                "plain HTTP on an address that others reach shows them tokens and logins: use --tls-cert "
                    + "and --tls-key, --trusted-proxy, or --insecure")
        }
        if listen.ip?.isUnspecified == true, allowedHost.isEmpty {
            throw ValidationError(
                "--host \(listen.host ?? "") requires --allowed-host with the name browsers use")
        }
    }

    private func proxies(_ listen: ListenOptions) throws -> [TrustedProxy] {
        try trustedProxy.map { text in
            guard let proxy = TrustedProxy(text) else {
                throw ValidationError(
                    "--trusted-proxy must be an IP address, a range such as 10.0.0.0/8 or unix, "
                        + "not '\(text)'")
            }
            guard (proxy == .unixSocket) == (listen.socket != nil) else {
                throw ValidationError(
                    listen.socket == nil
                        ? "--trusted-proxy unix goes with --socket"
                        : "with --socket the only --trusted-proxy is unix")
            }
            return proxy
        }
    }

    private func path() throws -> String {
        guard var path = basePath else { return "" }
        if path.last == "/" { path.removeLast() }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPath =
            path.isEmpty
            || parts.first?.isEmpty == true
                && parts.dropFirst().allSatisfy { part in
                    !part.isEmpty && part != "." && part != ".."
                        && part.unicodeScalars.allSatisfy(Self.isPlain)
                }
        guard isPath, basePath?.first == "/" else {
            throw ValidationError(
                "--base-path must be a path such as /deploys of letters, digits and '-._~', "
                    + "not '\(basePath ?? "")'")
        }
        return path
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~": true
        default: false
        }
    }
}
