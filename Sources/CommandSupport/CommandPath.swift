package import ArgumentParser

/// The command that the first words of a command line lead to.
struct CommandPath {
    /// The command that the words name.
    let command: any ParsableCommand.Type
    /// The names of the tool and of its commands, such as `deploystats query`.
    let name: String
    /// The words behind.
    let rest: ArraySlice<String>
    /// Whether the help of `command` is that of its default command.
    private let showsDefault: Bool

    /// Follows the words from the tool on.
    ///
    /// - Parameter showsDefault: whether the tool's own help is that of its default command.
    init(_ root: any ParsableCommand.Type, _ words: [String], showsDefault: Bool) {
        var command: any ParsableCommand.Type = root
        var name = root._commandName
        var rest = words[...]
        while let word = rest.first,
            let next = command.configuration.subcommands.first(where: { $0._commandName == word })
        {
            command = next
            name += " \(word)"
            rest.removeFirst()
        }
        self.command = command
        self.name = name
        self.rest = rest
        self.showsDefault = showsDefault && command == root
    }

    /// The commands below.
    var commands: [String] { command.configuration.subcommands.map { $0._commandName } }

    /// The command that runs when no word names one below: the default, or itself.
    var effective: any ParsableCommand.Type { command.configuration.defaultSubcommand ?? command }

    /// What to type for the help of what runs.
    var effectiveName: String {
        effective == command || showsDefault ? name : "\(name) \(effective._commandName)"
    }

    /// The command whose help `help` and `--help` show.
    var helped: any ParsableCommand.Type { showsDefault ? effective : command }

    /// A word where a command was expected, which is none; nil when it may be a value.
    var unknownCommand: String? {
        guard let word = rest.first, !word.hasPrefix("-"), !commands.isEmpty,
            !effective.helpMessage(includeHidden: false).contains("\nARGUMENTS:\n")
        else { return nil }
        return word
    }

    /// The names of the options of what runs.
    var options: [String] { Self.options(of: effective) }

    /// The names of a command's options with their dashes, as its help has them.
    static func options(of command: any ParsableCommand.Type) -> [String] {
        labels(of: command).flatMap(names)
    }

    /// The names of those that take a value.
    static func valuedOptions(of command: any ParsableCommand.Type) -> Set<String> {
        Set(labels(of: command).filter { $0.contains("<") }.flatMap(names))
    }

    private static func names(in label: String) -> [String] {
        label.split(whereSeparator: { " ,".contains($0) }).filter { $0.hasPrefix("-") }
            .map(String.init)
    }

    /// Such as `-n, --no-wait` and `--ledger <path>`.
    private static func labels(of command: any ParsableCommand.Type) -> [String] {
        // So wide that no line is broken.
        command.helpMessage(includeHidden: false, columns: 10_000).split(separator: "\n")
            .filter { $0.hasPrefix("  -") }
            .map { String($0.dropFirst(2).split(separator: "  ", maxSplits: 1)[0]) }
    }
}

extension ParsableCommand {
    /// The names of the options with their dashes.
    package static var optionNames: [String] { CommandPath.options(of: self) }
}
