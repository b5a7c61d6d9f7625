/// Reads quoted text, and lists and mappings in brackets, of YAML and so of JSON.
struct FlowReader {
    /// What was found.
    struct Flow {
        /// Texts that may be commands, and lists of words, each below its keys.
        let values: [(path: [String], content: AuditCode)]
        /// The text, when it is one.
        let scalar: ShellWord?
        /// The row it ends on.
        let lastRow: Int
    }

    private let rows: [Substring]
    private var row: Int
    private var rest: Substring
    private var values: [(path: [String], content: AuditCode)] = []

    /// Reads what begins there; nil when it does not end, or something else follows on its last row.
    static func read(_ rows: [Substring], row: Int, from start: Substring.Index) -> Flow? {
        var reader = FlowReader(rows: rows, row: row, rest: rows[row][start...])
        guard let node = reader.readNode([], depth: 0), reader.isAtEndOfRow else { return nil }
        return Flow(values: reader.values, scalar: node.scalar, lastRow: reader.row)
    }

    private init(rows: [Substring], row: Int, rest: Substring) {
        self.rows = rows
        self.row = row
        self.rest = rest
    }

    private enum Node {
        case scalar(ShellWord)
        case collection

        var scalar: ShellWord? {
            if case .scalar(let word) = self { word } else { nil }
        }
    }

    private static let deepest = 64

    private var isAtEndOfRow: Bool {
        let rest = rest.drop(while: \.isWhitespace)
        return rest.isEmpty || rest.first == "#"
    }

    private mutating func nextRow() -> Bool {
        guard row + 1 < rows.count else { return false }
        row += 1
        rest = rows[row]
        return true
    }

    /// Goes to the next character that counts.
    private mutating func skipBlanks() -> Bool {
        while true {
            rest = rest.drop(while: \.isWhitespace)
            if let first = rest.first, first != "#" { return true }
            if !nextRow() { return false }
        }
    }

    private mutating func take(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func readNode(_ path: [String], depth: Int) -> Node? {
        guard depth < Self.deepest, skipBlanks() else { return nil }
        if take("[") { return readList(path, depth) ? .collection : nil }
        if take("{") { return readMapping(path, depth) ? .collection : nil }
        guard let word = readScalar(isInside: depth > 0) else { return nil }
        values.append((path, .code(word.text, line: word.line)))
        return .scalar(word)
    }

    private mutating func readList(_ path: [String], _ depth: Int) -> Bool {
        var words: [ShellWord] = []
        while true {
            guard skipBlanks() else { return false }
            if take("]") { break }
            if take(",") { continue }
            guard let node = readNode(path, depth: depth + 1) else { return false }
            if let word = node.scalar { words.append(word) }
        }
        if words.count > 1 { values.append((path, .words(words))) }
        return true
    }

    private mutating func readMapping(_ path: [String], _ depth: Int) -> Bool {
        while true {
            guard skipBlanks() else { return false }
            if take("}") { return true }
            if take(",") { continue }
            guard let key = readScalar(isInside: true), skipBlanks() else { return false }
            if take(":") {
                guard skipBlanks() else { return false }
                if rest.first == "," || rest.first == "}" { continue }
                guard readNode(path + [key.text], depth: depth + 1) != nil else { return false }
            }
        }
    }

    private mutating func readScalar(isInside: Bool) -> ShellWord? {
        let line = row + 1
        if take("'") { return readQuoted(by: "'").map { ShellWord(text: $0, line: line) } }
        if take("\"") { return readQuoted(by: "\"").map { ShellWord(text: $0, line: line) } }
        guard isInside else { return nil }
        var text = ""
        while let next = rest.first, !",[]{}".contains(next) {
            if next == ":", rest.dropFirst().first.map({ " \t,]}".contains($0) }) ?? true { break }
            text.append(next)
            rest.removeFirst()
        }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text.isEmpty ? nil : ShellWord(text: text, line: line)
    }

    /// Behind the quote, up to the one that closes it; over several rows folded as plain text is.
    private mutating func readQuoted(by quote: Character) -> String? {
        var lines: [Substring] = []
        var text = ""
        while true {
            guard let next = rest.popFirst() else {
                while text.last?.isWhitespace == true { text.removeLast() }
                lines.append(text[...])
                text = ""
                guard nextRow() else { return nil }
                rest = rest.drop(while: \.isWhitespace)
                continue
            }
            switch next {
            case quote:
                if quote == "'", take("'") {
                    text.append("'")
                    continue
                }
                return YAMLReader.folded(lines + [text[...]])
            case "\\" where quote == "\"":
                // At the end of a row it joins the rows without a blank, as in a shell.
                guard let escaped = rest.popFirst() else {
                    text.append("\\")
                    continue
                }
                text += unescaped(escaped)
            default: text.append(next)
            }
        }
    }

    private mutating func unescaped(_ escaped: Character) -> String {
        switch escaped {
        // Another line, and on the same line of the file.
        case "n", "r", "N", "L", "P": return ";"
        case "t", " ", "_": return " "
        case "x", "u", "U":
            let digits = rest.prefix(escaped == "x" ? 2 : escaped == "u" ? 4 : 8)
            rest = rest.dropFirst(digits.count)
            let scalar = UInt32(digits, radix: 16).flatMap { Unicode.Scalar($0) }
            return scalar.map { $0 == "\n" ? ";" : String(Character($0)) } ?? ""
        default: return String(escaped)
        }
    }
}
