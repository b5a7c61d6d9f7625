package import ArgumentParser
import CommandSupport

/// `check-deploy-lock`: who holds the lock, who waits, and what to do about it.
package struct CheckDeployLock: ParsableCommand {
    /// Name, help and version.
    package static let configuration = CommandConfiguration(
        commandName: "check-deploy-lock",
        abstract: "Show who holds the deploy lock and who waits for it.",
        discussion: """
            Options override the environment (DEPLOY_LOCK_FILE, DEPLOY_LOCK_INFO_FILE, \
            DEPLOY_LEDGER), which overrides /etc/deploy-ledger.conf.
            """,
        version: Tool.version,
        subcommands: [StatusCommand.self, AuditCommand.self],
        defaultSubcommand: StatusCommand.self,
        // So that --help is that of the default.
        helpNames: [])

    /// For the parser.
    package init() {}

    /// Runs the tool on the arguments of this process and ends with its exit code.
    package static func runAsTool() -> Never {
        Tool.run(Self.self, helpShowsDefault: true)
    }
}
