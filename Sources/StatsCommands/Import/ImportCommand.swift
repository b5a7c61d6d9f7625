import ArgumentParser

/// `deploystats import`: deployments that happened elsewhere.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add what happened elsewhere to the ledger.",
        subcommands: [ImportGitHubCommand.self])
}
