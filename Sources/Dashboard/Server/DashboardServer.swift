import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// The server: it reads, renders and answers, and changes nothing.
package struct DashboardServer: Sendable {
    private let site: Site
    private let logger: Logger

    package init(_ options: DashboardOptions) {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "deploy-dashboard")
        logger.logLevel = options.logLevel
        self.logger = logger
        site = Site(options, logger)
    }

    /// Serves until the process is told to stop.
    ///
    /// - Parameter onStart: called once with the address it listens on, such as `127.0.0.1:8080`.
    /// - Throws: what keeps it from listening.
    package func run(onStart: @escaping @Sendable (String) -> Void) async throws {
        let application = try Application(
            responder: FrontDoor(
                site.options, routes: routes, gate: site.gate, answers: site.answers,
                logger: logger),
            server: server(), configuration: configuration,
            onServerRunning: { channel in onStart(Self.text(channel.localAddress)) },
            logger: logger)
        var services = ServiceGroupConfiguration(
            services: [.init(service: Watcher(live: site.live))]
                + (site.ciQueue.map { [.init(service: $0)] } ?? [])
                + [.init(service: application)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        services.maximumGracefulShutdownDuration = .seconds(8)
        try await ServiceGroup(configuration: services).run()
    }

    /// What it answers: method, path and who may ask of each route.
    package var addresses: [String] {
        routes.map { "\($0.method.rawValue) \(site.options.basePath)\($0.path) \($0.access)" }
    }

    private var routes: [Route] {
        let login = LoginRoutes(
            options: site.options, gate: site.gate)
        return site.routes + login.routes
    }

    private func server() throws -> HTTPServerBuilder {
        let limits = site.options.limits
        let plain = HTTPServerBuilder { GuardedChannel(limits, $0) }
        guard let files = site.options.certificate else { return plain }
        return try .tls(
            plain, tlsConfiguration: Certificates(files, logger: logger).configuration)
    }

    private var configuration: ApplicationConfiguration {
        let address: BindAddress =
            switch site.options.address {
            case .tcp(let host, let port): .hostname(host, port: port)
            case .unix(let path): .unixDomainSocket(path: path)
            }
        return ApplicationConfiguration(address: address)
    }

    private static func text(_ address: SocketAddress?) -> String {
        guard let address, let host = address.ipAddress, let port = address.port else {
            return address?.pathname ?? ""
        }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
