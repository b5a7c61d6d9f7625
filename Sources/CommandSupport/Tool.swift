public import ArgumentParser
import Glibc
import SystemCalls

/// What every executable of the project does the same way.
public enum Tool {
    /// The version all tools print.
    public static let version = "0.1.0"

    /// Parses the command line and runs the command; the process ends with the exit code.
    ///
    /// A mistake on the command line gets one line that names it and where help is, and code 64
    /// (`EX_USAGE`, sysexits.h).
    ///
    /// - Parameters:
    ///   - warnsOfVariables: whether misspelt variables are said; otherwise the command does it.
    ///   - shortcut: runs what does not need the parser; nil when the command line does.
    public static func run<Root: ParsableCommand>(
        _ root: Root.Type, warnsOfVariables: Bool = true, shortcut: () throws -> CInt? = { nil }
    ) -> Never {
        StandardStreams.keepOpen()
        do {
            if let code = try shortcut() { Glibc.exit(code) }
            var command = try root.parseAsRoot(Array(ProcessArguments.all.dropFirst()))
            if warnsOfVariables { Configuration.warnOfMisspeltVariables(root._commandName) }
            try command.run()
            Glibc.exit(EXIT_SUCCESS)
        } catch {
            finish(after: error, of: root)
        }
    }

    /// Why the parser misses a value that is there: it begins with a dash; nil otherwise.
    private static func dashedValue(_ message: String, in arguments: [String]) -> String? {
        let missing = "Missing value for '"
        guard message.hasPrefix(missing),
            let option = message.dropFirst(missing.count)
                .split(whereSeparator: { $0 == " " || $0 == "'" }).first,
            let position = arguments.lastIndex(of: String(option)),
            position + 1 < arguments.count
        else { return nil }
        let value = arguments[position + 1]
        guard value.hasPrefix("-"), value.count > 1 else { return nil }
        // A short option takes its value without a sign between.
        let joined = option.hasPrefix("--") ? "\(option)=\(value)" : "\(option)\(value)"
        return "'\(value)' reads as an option; if it is the value, write \(joined)"
    }

    /// The mistake in a command line that was taken for a question for help; nil when help was
    /// asked for, or something else is wrong.
    ///
    /// The parser reads the `-1h` that an option in front of it does not take as some short options,
    /// and `-h` among them as help. A check in a script would end with 0.
    public static func mistake<Root: ParsableCommand>(
        behind error: any Error, in arguments: [String], of root: Root.Type
    ) -> (any Error)? {
        guard root.exitCode(for: error) == .success,
            !arguments.contains(where: { ["-h", "--help", "-help", "help"].contains($0) })
        else { return nil }
        let isNumber = { (word: String) in
            word.hasPrefix("-") && word.dropFirst().first?.isNumber == true && word.contains("h")
        }
        guard let number = arguments.first(where: isNumber) else { return nil }
        do {
            _ = try root.parseAsRoot(arguments.map { isNumber($0) ? String($0.dropFirst()) : $0 })
        } catch {
            return error
        }
        return ValidationError("'\(number)' is no option")
    }

    private static func finish<Root: ParsableCommand>(
        after error: any Error, of root: Root.Type
    ) -> Never {
        // First, because looking further generates the help text: a millisecond.
        if let code = error as? ExitCode { Glibc.exit(code.rawValue) }
        let name = root._commandName
        let arguments = Array(ProcessArguments.all.dropFirst())
        let error = mistake(behind: error, in: arguments, of: root) ?? error
        let code = root.exitCode(for: error)
        // Help and version are no mistakes.
        guard code == .validationFailure else { root.exit(withError: error) }
        let message = root.message(for: error).split(whereSeparator: \.isNewline).joined(
            separator: " ")
        let reason = dashedValue(message, in: ProcessArguments.all).map { "\(message): \($0)" }
        Terminal.complain("\(name): \(reason ?? message); see '\(name) --help'")
        Glibc.exit(code.rawValue)
    }
}
