import ArgumentParser

/// `deploystats import`: what happened elsewhere.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add what happened elsewhere to the ledger.",
        usage: """
            deploystats import --events <file> [--ledger <path>]
            deploystats import github [<options>]
            deploystats import deployments --file <path>
            """,
        subcommands: [
            ImportEventsCommand.self, ImportGitHubCommand.self, ImportDeploymentsCommand.self,
        ],
        defaultSubcommand: ImportEventsCommand.self)
}
