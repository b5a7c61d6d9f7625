import ArgumentParser
import CommandSupport
import Dashboard
import Queries
import Status
import SystemCalls

/// `deploy-dashboard serve`, which is what the tool does when no command is named.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the live dashboard of a ledger and its locks.",
        usage: """
            deploy-dashboard [<options>]
            deploy-dashboard token <name> [--expires <duration>]
            deploy-dashboard link [<name>]
            """,
        discussion: """
            Pages and API are for whoever has a token, or a link that logs in once; \
            'deploy-dashboard help token' and 'help link' say more. It changes nothing.

            EXIT CODES
              0    ended by SIGTERM or SIGINT
              1    it cannot listen, or its files cannot be read
              64   usage error

            Options override the environment (DEPLOY_LEDGER, DEPLOY_LOCK_FILE, \
            DEPLOY_DASHBOARD_TOKEN_FILE, DEPLOY_DASHBOARD_NAME, DEPLOY_DASHBOARD_COLOUR, \
            DEPLOY_DASHBOARD_URL), which overrides /etc/deploy-ledger.conf.
            """,
        helpNames: .shortAndLong)

    @OptionGroup(title: "What is shown") var source: SourceOptions
    @OptionGroup(title: "What is shown") var look: LookOptions
    @OptionGroup(title: "Where it listens") var listen: ListenOptions
    @OptionGroup(title: "Who is let in") var doors: DoorOptions
    @OptionGroup(title: "Who is let in") var tokens: TokenFileOptions
    @OptionGroup(title: "Runs of CI") var ci: CIOptions
    @OptionGroup(title: "Load and log") var load: LoadOptions

    func run() throws {
        let configuration = try Configuration.forCommand()
        let options = try options(configuration)
        let welcome = Welcome(
            options, url: configuration.setting("DEPLOY_DASHBOARD_URL")?.text,
            isTerminal: Terminal.isTerminal)
        if !options.isPublic { try welcome.checkTokens() }
        if case .unix(let path) = options.address { try takeOver(path) }
        let server = DashboardServer(options)
        do {
            try Waiting.wait { try await server.run { welcome.listening(on: $0) } }
        } catch {
            throw TokenCommand.failure(StartFailure.words(for: error, options))
        }
    }

    private func options(_ configuration: Configuration) throws -> DashboardOptions {
        var options = DashboardOptions(
            try source.source(configuration), zone: .utc,
            tokenFile: try tokens.file(configuration).path)
        // systemd.exec(5); of several the first is meant.
        if let state = Environment.value("STATE_DIRECTORY")?.split(separator: ":").first {
            options.logoutFile = state + "/logouts"
        }
        options.address = listen.address
        options.certificate = listen.certificate
        try doors.apply(to: &options, listen)
        try look.apply(to: &options, configuration)
        try load.apply(to: &options)
        ci.apply(to: &options)
        options.source.alerts.zone = options.zone
        return options
    }

    /// Makes sure that nobody else's socket is taken away: the server removes what it finds there.
    private func takeOver(_ path: String) throws {
        if LocalSocket.isListening(at: path) {
            throw TokenCommand.failure("cannot listen on \(path): another server does")
        }
        LocalSocket.makeWith(mode: 0o660)
    }
}
