import ArgumentParser
import CommandSupport
import Dashboard
import Queries
import SystemCalls

/// What is said when a server starts, and to whom.
struct Welcome: Sendable {
    private let options: DashboardOptions
    /// The address of the dashboard for browsers; nil for what the server listens on.
    private let url: String?
    /// Whether a person sits in front.
    private let isTerminal: Bool

    init(_ options: DashboardOptions, url: String?, isTerminal: Bool) {
        self.options = options
        self.url = url
        self.isTerminal = isTerminal
    }

    private var file: TokenFile { TokenFile(path: options.tokenFile) }

    /// Refuses to serve nobody.
    ///
    /// For a person at a terminal a first token is made, which nobody knows
    /// and only login links go with.
    func checkTokens() throws {
        do {
            _ = try file.read()
        } catch .missing where isTerminal {
            do {
                try file.change { $0.append(AccessToken.make("terminal", expires: nil).0) }
            } catch {
                throw TokenCommand.failure("cannot write \(options.tokenFile): \(error)")
            }
            Terminal.complain("deploy-dashboard: created \(options.tokenFile)")
        } catch .missing {
            throw ValidationError(
                "\(TokenFile.Problem.missing(path: options.tokenFile)), or use --public on loopback"
            )
        } catch {
            throw TokenCommand.failure("\(error)")
        }
    }

    /// Says where the server listens, to people and to the service manager.
    func listening(on address: String) {
        Terminal.complain("deploy-dashboard: listening on \(address)")
        // sd_notify(3)
        if let socket = Environment.value("NOTIFY_SOCKET") {
            _ = LocalDatagram.send(
                Array("READY=1\nSTATUS=Listening on \(address)\n".utf8), to: socket)
        }
        guard isTerminal, let start = start(address) else { return }
        if options.isPublic {
            Terminal.complain("deploy-dashboard: open \(start)/")
        } else if let token = (try? file.read())?.first(where: { $0.isValid(at: .now) }) {
            let link = LoginLink(for: token, now: .now)
            Terminal.complain(
                "deploy-dashboard: log in within 10 minutes: \(start)/login?link=\(link.text)")
        }
    }

    /// What addresses begin with for a browser; nil where it cannot get in.
    private func start(_ address: String) -> String? {
        if let url { return url.last == "/" ? String(url.dropLast()) : url }
        guard case .tcp(let host, _) = options.address else { return nil }
        let scheme = options.certificate == nil ? "http" : "https"
        var place = address
        if let ip = IPAddress(host), !ip.isLoopback, let name = options.allowedHosts.first {
            let port = address.split(separator: ":").last.map(String.init) ?? ""
            place = "\(name.name):\(name.port.map(String.init) ?? port)"
        }
        return "\(scheme)://\(place)\(options.basePath)"
    }
}
