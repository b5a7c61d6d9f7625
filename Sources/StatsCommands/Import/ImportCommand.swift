import ArgumentParser

/// `deploystats import`: what happened elsewhere.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add what happened elsewhere to the ledger.",
        usage: """
            deploystats import --events <file> [--ledger <path>]
            deploystats import github [<options>]
            """,
        subcommands: [ImportEventsCommand.self, ImportGitHubCommand.self],
        defaultSubcommand: ImportEventsCommand.self)
}
