import ArgumentParser

/// `deploystats import`.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add events that come from elsewhere to the ledger.",
        usage: "deploystats import --events <file> [--ledger <path>]",
        subcommands: [ImportEventsCommand.self],
        defaultSubcommand: ImportEventsCommand.self)
}
