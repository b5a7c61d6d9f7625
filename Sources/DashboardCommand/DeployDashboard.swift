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
