/// One word of a shell command, without its quotes.
struct ShellWord: Hashable, Sendable {
    var text: String
    let line: Int

    /// The last part of a path: `/usr/bin/docker` and `docker` are the same program.
    var name: Substring {
        text.lastIndex(of: "/").map { text[text.index(after: $0)...] } ?? text[...]
    }
}

/// Code inside of code: a substitution, or a here-document.
struct ShellFragment: Hashable, Sendable {
    let text: String
    let line: Int
}

/// One program with its arguments, as a shell would run it.
struct ShellCommand: Hashable, Sendable {
    var words: [ShellWord] = []
    /// The code of `$(…)` and backquotes.
    var substitutions: [ShellFragment] = []
    /// The texts of here-documents.
    var documents: [ShellFragment] = []
    /// Which command of the script reads what it prints, by its place; nil when none does.
    var reader: Int?

    var isEmpty: Bool { words.isEmpty && substitutions.isEmpty && documents.isEmpty }
}

/// Splits a script into the commands it runs: as much of the POSIX shell's grammar as it takes to
/// tell code from quoted text, comments and here-documents.
struct ShellReader {
    private let text: [Character]
    private var position = 0
    private var line: Int
    private var command = ShellCommand()
    private var word: String?
    private var wordLine = 0
    private var pendingDocuments: [(delimiter: String, dropsTabs: Bool)] = []
    private var commands: [ShellCommand] = []
    /// The first of the commands that are on the line being read.
    private var lineStart = 0
    private var groups = OpenGroups()
    /// Whether a quote was still open at the end.
    private(set) var endsInQuote = false

    private init(_ text: String, line: Int) {
        // Carriage return and line feed make one character.
        self.text = text.map { $0 == "\r\n" ? "\n" : $0 }
        self.line = line
    }

    /// The commands of a script whose first line has that number.
    static func commands(in text: String, line: Int = 1) -> (list: [ShellCommand], isWhole: Bool) {
        var reader = ShellReader(text, line: line)
        reader.readAll()
        return (reader.commands, !reader.endsInQuote)
    }

    private mutating func readAll() {
        while let character = take() {
            switch character {
            case "\\":
                if let next = take(), next != "\n" { append(next) }
            case "'": append(upTo: "'")
            case "\"": readDoubleQuoted()
            case "`": readBackquoted()
            case "$" where peek == "(":
                position += 1
                readSubstitution()
            case "#" where word == nil: skipComment()
            case "<" where peek == "<": readDocumentStart()
            case "<", ">": readRedirection()
            case "\n":
                endWord()
                endCommand()
                readDocuments()
                lineStart = commands.count
            case "|":
                endWord()
                endCommand()
                if peek == "|" { position += 1 } else { pipe() }
            case "(":
                endWord()
                endCommand()
                groups.open("(", at: commands.count)
            case ")":
                endWord()
                endCommand()
                groups.close("(")
            case ";", "&":
                endWord()
                endCommand()
            case " ", "\t": endWord()
            default: append(character)
            }
        }
        endWord()
        endCommand()
    }

    private var peek: Character? { position < text.count ? text[position] : nil }

    private mutating func take() -> Character? {
        guard position < text.count else { return nil }
        position += 1
        if text[position - 1] == "\n" { line += 1 }
        return text[position - 1]
    }

    private mutating func append(_ character: Character) {
        if word == nil { begin() }
        word?.append(character)
    }

    private mutating func begin() {
        word = word ?? ""
        wordLine = line
    }

    private mutating func endWord() {
        if let word { command.words.append(ShellWord(text: word, line: wordLine)) }
        word = nil
    }

    private mutating func endCommand() {
        if !command.isEmpty {
            groups.note(command.words, at: commands.count)
            commands.append(command)
        }
        command = ShellCommand()
    }

    /// Lets the next command read what the last one prints, or what all of the last group do.
    private mutating func pipe() {
        for index in (groups.closed ?? max(0, commands.count - 1))..<commands.count
        where commands[index].reader == nil {
            commands[index].reader = commands.count
        }
    }

    private mutating func append(upTo end: Character) {
        if word == nil { begin() }
        while let next = take() {
            if next == end { return }
            word?.append(next)
        }
        endsInQuote = true
    }

    private mutating func readDoubleQuoted() {
        if word == nil { begin() }
        while let next = take() {
            switch next {
            case "\"": return
            case "\\":
                guard let escaped = take() else { break }
                if escaped == "\n" { break }
                if !"\"\\$`".contains(escaped) { word?.append("\\") }
                word?.append(escaped)
            case "$" where peek == "(":
                position += 1
                readSubstitution()
            case "`": readBackquoted()
            default: word?.append(next)
            }
        }
        endsInQuote = true
    }

    private mutating func readBackquoted() {
        if word == nil { begin() }
        let start = line
        var code = ""
        while let next = take(), next != "`" { code.append(next) }
        command.substitutions.append(ShellFragment(text: code, line: start))
    }

    /// Behind `$(`, up to the parenthesis that closes it; the value itself is not known.
    private mutating func readSubstitution() {
        if word == nil { begin() }
        let start = line
        var code = ""
        var depth = 1
        var quote: Character?
        while let next = take() {
            if next == "\\" {
                code.append(next)
                if let escaped = take() { code.append(escaped) }
                continue
            }
            if let open = quote {
                if next == open { quote = nil }
            } else if next == "'" || next == "\"" {
                quote = next
            } else if next == "(" {
                depth += 1
            } else if next == ")" {
                depth -= 1
                if depth == 0 { break }
            }
            code.append(next)
        }
        command.substitutions.append(ShellFragment(text: code, line: start))
    }

    private mutating func skipComment() {
        while let next = peek, next != "\n" {
            _ = next
            position += 1
        }
    }

    /// `2>&1`, `>file`, `&>file`: the number and the sign go, the file stays as a word.
    private mutating func readRedirection() {
        if word?.allSatisfy(\.isNumber) == true { word = nil }
        endWord()
        while let next = peek, "<>&|".contains(next) { position += 1 }
    }

    private mutating func readDocumentStart() {
        position += 1
        endWord()
        if peek == "<" {
            position += 1
            return
        }
        let dropsTabs = peek == "-"
        if dropsTabs { position += 1 }
        while peek == " " || peek == "\t" { position += 1 }
        var delimiter = ""
        while let next = peek, !next.isWhitespace, !";&|()<>".contains(next) {
            if !"'\"\\".contains(next) { delimiter.append(next) }
            position += 1
        }
        if !delimiter.isEmpty { pendingDocuments.append((delimiter, dropsTabs)) }
    }

    /// A here-document counts for all commands of its line: `cat <<END | sh`.
    private mutating func readDocuments() {
        for document in pendingDocuments {
            let start = line
            var body = ""
            while position < text.count {
                var row = ""
                while let next = take(), next != "\n" { row.append(next) }
                let bare = document.dropsTabs ? String(row.drop { $0 == "\t" }) : row
                if bare == document.delimiter { break }
                body += row + "\n"
            }
            for index in lineStart..<commands.count {
                commands[index].documents.append(ShellFragment(text: body, line: start))
            }
        }
        pendingDocuments = []
    }
}
