/// Which commands have to run under the lock, and how they are found in shell code.
struct AuditRule: Sendable {
    /// What deploys, unless told otherwise.
    static let defaultPatterns = [
        "docker cp", "docker compose up", "docker-compose up", "docker restart",
    ]

    /// The words of each pattern.
    private let patterns: [[Substring]]

    init(patterns: [String]) {
        self.patterns = patterns.map { $0.split(whereSeparator: \.isWhitespace) }
    }

    /// What was found in a script.
    struct Result: Sendable {
        /// The lines on which something deploys outside of the lock.
        var lines: [Int] = []
        /// What is run under the lock, such as scripts.
        var locked: [String] = []
        /// Whether the rest of the script runs under the lock, because it starts itself again.
        var restIsCovered = false
    }

    private static let tool = "deploy-with-lock"

    /// Programs whose arguments are only text.
    private static let textual: Set<Substring> = [
        "echo", "printf", ":", "logger", "grep", "egrep", "fgrep", "rg", "cat", "man", "which",
        "type", "alias", "test", "[", "[[", "sed", "awk", "print", "puts",
    ]
    /// Programs that run an argument, or what they read, as code.
    private static let runners: Set<Substring> = [
        "sh", "bash", "dash", "zsh", "ksh", "ash", "ssh", "su", "sudo", "doas", "runuser", "eval",
        "xargs", "watch", "timeout", "flock", "setsid", "nohup", "parallel", "trap", "script",
        "chroot", "env", "nice", "ionice", tool[...],
    ]
    /// Words that stand before a command and change nothing about it.
    private static let leading: Set<Substring> = [
        "then", "do", "else", "elif", "if", "while", "until", "!", "{", "}", "time", "exec",
        "command", "sudo", "doas", "env", "nohup", "nice", "-", "builtin",
    ]

    /// Looks through a script whose first line has that number.
    ///
    /// - Parameter quotedIsCode: whether every quoted text may be code, as in YAML.
    func inspect(_ code: [ShellCommand], quotedIsCode: Bool = false) -> Result {
        var result = Result()
        inspect(code, isCovered: false, quotedIsCode: quotedIsCode, depth: 0, &result)
        return result
    }

    private static let deepest = 8

    private func inspect(
        _ commands: [ShellCommand], isCovered: Bool, quotedIsCode: Bool, depth: Int,
        _ result: inout Result
    ) {
        guard depth < Self.deepest else { return }
        func recurse(_ text: String, _ line: Int, _ isCovered: Bool) {
            let inner = ShellReader.commands(in: text, line: line).list
            inspect(inner, isCovered: isCovered, quotedIsCode: false, depth: depth + 1, &result)
        }
        for command in commands {
            let isCovered = isCovered || (depth == 0 && result.restIsCovered)
            // Substitutions run before the command they are part of.
            for inner in command.substitutions { recurse(inner.text, inner.line, isCovered) }
            let words = Self.withoutLeading(command.words)
            let lock = words.firstIndex { $0.name == Self.tool }
            if let lock {
                let rest = words[(lock + 1)...].map(\.text)
                result.locked += rest
                // `[ -n "$DEPLOY_ID" ] || exec deploy-with-lock "$0" "$@"`
                if rest.contains(where: { $0.contains("$0") || $0.contains("BASH_SOURCE") }) {
                    result.restIsCovered = true
                }
            }
            let isText = words.first.map { Self.textual.contains($0.name) } ?? true
            if command.reader != nil, let code = PipedCode.printed(by: words) {
                let readers = Self.readers(of: command, among: commands)
                if readers.contains(where: { PipedCode.isRun(by: $0.words[...]) }) {
                    let isLocked = readers.contains { $0.words.contains { $0.name == Self.tool } }
                    recurse(code.text, code.line, isCovered || isLocked)
                }
            }
            if !isText, !isCovered, let line = match(words[..<(lock ?? words.count)]) {
                result.lines.append(line)
            }
            let runs = words.contains { Self.runners.contains($0.name) }
            guard !isText, runs || quotedIsCode else { continue }
            for (index, word) in words.enumerated() where word.text.contains(where: \.isWhitespace)
            {
                recurse(word.text, word.line, isCovered || (lock.map { $0 < index } ?? false))
            }
            for document in command.documents where runs {
                recurse(document.text, document.line, isCovered || lock != nil)
            }
        }
    }

    /// The commands that what one prints goes through.
    private static func readers(
        of command: ShellCommand, among commands: [ShellCommand]
    ) -> [ShellCommand] {
        var readers: [ShellCommand] = []
        var next = command.reader
        while let place = next, place < commands.count {
            readers.append(commands[place])
            next = commands[place].reader
        }
        return readers
    }

    /// Without assignments, keywords and list signs in front.
    private static func withoutLeading(_ words: [ShellWord]) -> ArraySlice<ShellWord> {
        words.drop { word in
            leading.contains(word.text[...]) || isAssignment(word.text) || word.text.hasSuffix(":")
        }.withIndicesFromZero
    }

    private static func isAssignment(_ text: String) -> Bool {
        guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { return false }
        return text[..<sign].allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }

    /// The line of the first word that begins a pattern: its words in order, with nothing but
    /// options and their values between them.
    private func match(_ words: ArraySlice<ShellWord>) -> Int? {
        for pattern in patterns {
            guard let first = pattern.first else { continue }
            for start in words.indices where words[start].name == first {
                if Self.follows(pattern.dropFirst(), words[(start + 1)...]) {
                    return words[start].line
                }
            }
        }
        return nil
    }

    private static func follows(
        _ pattern: ArraySlice<Substring>, _ words: ArraySlice<ShellWord>
    ) -> Bool {
        var rest = words
        for wanted in pattern {
            guard let next = rest.first else { return false }
            if next.text != wanted {
                // `docker --context prod compose -f web.yml up`
                guard next.text.hasPrefix("-"),
                    let found = rest.firstIndex(where: { $0.text == wanted })
                else { return false }
                rest = rest[found...]
            }
            rest = rest.dropFirst()
        }
        return true
    }
}

extension ArraySlice {
    fileprivate var withIndicesFromZero: ArraySlice { Array(self)[...] }
}
