import ArgumentParser
import Wording

/// A mistake on a command line, in words for whoever made it: what is wrong, what was probably
/// meant, and where help is.
struct CommandMistake<Root: ParsableCommand> {
    private let arguments: [String]
    private let path: CommandPath

    init(_ arguments: [String], of root: Root.Type, showsDefault: Bool) {
        self.arguments = arguments
        path = CommandPath(root, arguments, showsDefault: showsDefault)
    }

    /// The words for an error of the parser or of a command that refuses its options.
    func words(for error: any Error) -> String {
        if let word = path.unknownCommand { return Self.unknown(word, in: path) }
        let message = Self.line(Root.message(for: error))
        return Self.withHelp(reworded(message), path.effectiveName)
    }

    /// The words for one that is no command of those below a path.
    static func unknown(_ word: String, in path: CommandPath) -> String {
        withHelp(
            "unknown command '\(word)'\(NearMiss.question(word, among: path.commands))", path.name)
    }

    /// The mistake in a command line that was taken for a question for help; nil when help was
    /// asked for, or something else is wrong.
    ///
    /// The parser reads the `-1h` that an option in front of it does not take as some short options,
    /// and `-h` among them as help. A check in a script would end with 0. So it would when the
    /// command below another is missing.
    func behind(_ error: any Error) -> (any Error)? {
        guard Root.exitCode(for: error) == .success,
            !arguments.contains(where: { ["-h", "--help", "-help", "help"].contains($0) })
        else { return nil }
        if path.rest.isEmpty, !path.commands.isEmpty, path.effective == path.command {
            return ValidationError(
                "'\(path.name)' requires a command: \(path.commands.joined(separator: ", "))")
        }
        let isNumber = { (word: String) in
            word.hasPrefix("-") && word.dropFirst().first?.isNumber == true && word.contains("h")
        }
        guard let number = arguments.first(where: isNumber) else { return nil }
        do {
            _ = try Root.parseAsRoot(arguments.map { isNumber($0) ? String($0.dropFirst()) : $0 })
        } catch {
            return error
        }
        return ValidationError("'\(number)' is not an option")
    }

    /// The parser's messages in the style of ours.
    private func reworded(_ message: String) -> String {
        if let option = Self.quoted(message, after: "Unknown option '") {
            return "unknown option '\(option)'" + NearMiss.question(option, among: path.options)
        }
        if let value = Self.quoted(message, after: "The value '"),
            let text = wrongValue(value, message)
        {
            return text
        }
        var text = message
        let isSentence =
            text.first?.isUppercase == true && text.dropFirst().first?.isLowercase == true
        if isSentence { text = text.prefix(1).lowercased() + text.dropFirst() }
        while text.last == "." { text.removeLast() }
        return dashedValue(message).map { "\(text): \($0)" } ?? text
    }

    /// Why a value is wrong: what the option itself says, or which values there are.
    private func wrongValue(_ value: String, _ message: String) -> String? {
        if let colon = message.firstRange(of: ">': ") {
            return String(message[colon.upperBound...])
        }
        guard let list = message.firstRange(of: ". Please provide one of ") else {
            // Of the values that the parser reads itself, those without a list are numbers.
            return message.hasSuffix("'")
                ? "the" + message.dropFirst(3) + ": use a whole number" : nil
        }
        let known = message[list.upperBound...].split(whereSeparator: { " ',.-:".contains($0) })
            .map(String.init)
        return "the" + message[..<list.lowerBound].dropFirst(3) + "; use one of "
            + message[list.upperBound...].drop { $0 != "'" }.trimming { $0 == "." }
            + NearMiss.question(value, among: known)
    }

    /// A message of the parser on one line, a list in it with commas.
    private static func line(_ message: String) -> String {
        let lines = message.split(whereSeparator: \.isNewline).map { line in
            line.drop { $0 == " " }
        }
        return lines.reduce("") { text, line in
            guard line.hasPrefix("- ") else { return text.isEmpty ? "\(line)" : "\(text) \(line)" }
            return text + (text.hasSuffix("'") ? ", " : " ") + "'\(line.dropFirst(2))'"
        }
    }

    /// Why the parser misses a value that is there: it begins with a dash; nil otherwise.
    private func dashedValue(_ message: String) -> String? {
        guard let name = Self.quoted(message, after: "Missing value for '"),
            let option = name.split(separator: " ").first,
            let position = arguments.lastIndex(of: String(option)),
            position + 1 < arguments.count
        else { return nil }
        let value = arguments[position + 1]
        guard value.hasPrefix("-"), value.count > 1 else { return nil }
        // A short option takes its value without a sign between.
        let joined = option.hasPrefix("--") ? "\(option)=\(value)" : "\(option)\(value)"
        return "'\(value)' reads as an option; if it is the value, write \(joined)"
    }

    /// What stands in quotes behind the words a message begins with.
    private static func quoted(_ message: String, after start: String) -> String? {
        guard message.hasPrefix(start) else { return nil }
        let rest = message.dropFirst(start.count)
        return rest.firstIndex(of: "'").map { String(rest[..<$0]) }
    }

    /// Where help is, unless the message says where to look.
    private static func withHelp(_ message: String, _ command: String) -> String {
        if message.contains("see '") { return message }
        return message.hasSuffix("?")
            ? "\(message) See '\(command) --help'." : "\(message); see '\(command) --help'"
    }
}
