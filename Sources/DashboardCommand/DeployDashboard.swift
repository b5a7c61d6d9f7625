package import ArgumentParser
import CommandSupport
import Glibc

/// `deploy-dashboard`: the live page and its API.
package struct DeployDashboard: ParsableCommand {
    /// Name, help and version.
    package static let configuration = CommandConfiguration(
        commandName: "deploy-dashboard",
        abstract: "Serve the live dashboard of a ledger and its locks.",
        usage: "deploy-dashboard [<command>] [<options>]",
        discussion: """
            Without a command: serves the pages and the API until it is told to stop. It reads the \
            ledger and looks at the locks, and changes nothing. 'deploy-dashboard serve --help' lists \
            its options.

            EXIT CODES
              0    served until it was told to stop; done
              1    it could not listen, or the token file could not be used
              64   usage error, or options that do not go together

            Options override the environment, which overrides /etc/deploy-ledger.conf or the file \
            that DEPLOY_LEDGER_CONFIG names.
            """,
        version: Tool.version,
        subcommands: [ServeCommand.self, TokenCommand.self, LinkCommand.self, RoutesCommand.self],
        defaultSubcommand: ServeCommand.self,
        // So that --help is that of the default.
        helpNames: [])

    /// For the parser.
    package init() {}

    /// Runs the tool on the arguments of this process and ends with its exit code.
    package static func runAsTool() -> Never {
        // A client that left is an error of `write`, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        Tool.run(Self.self, helpShowsDefault: true)
    }
}
