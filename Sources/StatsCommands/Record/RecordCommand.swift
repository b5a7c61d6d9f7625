import ArgumentParser

/// `deploystats record`: facts that no deployment on this machine can tell.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record what happened outside of this machine.",
        usage: "deploystats record skip [<options>]",
        subcommands: [RecordSkipCommand.self])
}
