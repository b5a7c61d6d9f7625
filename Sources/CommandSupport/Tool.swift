package import ArgumentParser
import Glibc
import SystemCalls

/// What every executable of the project does the same way.
package enum Tool {
    /// The version all tools print.
    package static let version = "0.1.0"

    /// What the tool was called as.
    package static var name: String {
        (ProcessArguments.all.first ?? "").split(separator: "/").last.map(String.init) ?? ""
    }

    /// Parses the command line and runs the command; the process ends with the exit code.
    ///
    /// A usage error gets one line that names it and where help is, and code 64
    /// (`EX_USAGE`, sysexits.h).
    ///
    /// - Parameters:
    ///   - helpShowsDefault: whether the tool's own help is that of its default command.
    ///   - warnsOfVariables: whether misspelt variables are said; otherwise the command does it.
    ///   - wrapsCommand: whether the first word that is no option begins another program's command.
    ///   - shortcut: runs what does not need the parser; nil when the command line does.
    package static func run<Root: ParsableCommand>(
        _ root: Root.Type, helpShowsDefault: Bool = false, warnsOfVariables: Bool = true,
        wrapsCommand: Bool = false, shortcut: () throws -> CInt? = { nil }
    ) -> Never {
        StandardStreams.keepOpen()
        // A limit on the size of files is an error of `write`, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        do {
            if let code = try shortcut() { Glibc.exit(code) }
            showHelp(of: root, showsDefault: helpShowsDefault)
            let arguments = Array(ProcessArguments.all.dropFirst())
            try EmptyValue.refuse(in: arguments, of: root, wrapsCommand: wrapsCommand)
            var command = try root.parseAsRoot(arguments)
            if warnsOfVariables { Configuration.warnOfMisspeltVariables(root._commandName) }
            try command.run()
            Glibc.exit(EXIT_SUCCESS)
        } catch {
            finish(after: error, of: root, helpShowsDefault)
        }
    }

    /// The words for a usage error; nil when the error is none, as when help was
    /// asked for.
    package static func mistake<Root: ParsableCommand>(
        behind error: any Error, in arguments: [String], of root: Root.Type,
        helpShowsDefault: Bool = false
    ) -> String? {
        let mistake = CommandMistake(arguments, of: root, showsDefault: helpShowsDefault)
        let error = mistake.behind(error) ?? error
        guard root.exitCode(for: error) == .validationFailure else { return nil }
        return mistake.words(for: error)
    }

    /// Answers `help COMMAND`; the parser would pass over words that are no commands.
    private static func showHelp<Root: ParsableCommand>(of root: Root.Type, showsDefault: Bool) {
        let arguments = ProcessArguments.all.dropFirst()
        guard arguments.first == "help", !root.configuration.subcommands.isEmpty else { return }
        let words = arguments.dropFirst().filter { !$0.hasPrefix("-") }
        let path = CommandPath(root, words, showsDefault: showsDefault)
        if let word = path.rest.first, word != "help" {
            complain(CommandMistake<Root>.unknown(word, in: path), of: root)
        }
        root.exit(withError: CleanExit.helpRequest(path.helped))
    }

    private static func finish<Root: ParsableCommand>(
        after error: any Error, of root: Root.Type, _ helpShowsDefault: Bool
    ) -> Never {
        // First, because looking further generates the help text: a millisecond.
        if let code = error as? ExitCode { Glibc.exit(code.rawValue) }
        let arguments = Array(ProcessArguments.all.dropFirst())
        let words = mistake(
            behind: error, in: arguments, of: root, helpShowsDefault: helpShowsDefault)
        // Help and version are no mistakes.
        guard let words else { root.exit(withError: error) }
        complain(words, of: root)
    }

    private static func complain<Root: ParsableCommand>(
        _ words: String, of root: Root.Type
    ) -> Never {
        Terminal.complain("\(root._commandName): \(words)")
        Glibc.exit(ExitCode.validationFailure.rawValue)
    }
}
