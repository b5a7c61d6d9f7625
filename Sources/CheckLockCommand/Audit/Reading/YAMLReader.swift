/// Finds the values in a YAML file that may be commands, with the lines they are on.
///
/// Much that ends in `.yml` is a template, or is not quite YAML, so nothing here fails: what makes
/// no sense as YAML is read as a plain line. Types, anchors and merges do not matter for commands.
/// JSON is read as the YAML it is.
struct YAMLReader {
    /// A value that may be a command.
    struct Value {
        /// The keys that lead to it.
        let path: [String]
        let content: AuditCode
        /// The line its key is on.
        let heading: Int
    }

    /// A mapping or a list that is open, by the column of its keys or dashes.
    private struct Level {
        let column: Int
        /// The key that was read last; nil for a list.
        let key: String?
        let line: Int
        /// The items of a list that are one word or text each.
        var items: [ShellWord] = []
    }

    private let rows: [Substring]
    private var row = 0
    private var levels: [Level] = []
    private var values: [Value] = []

    private init(_ text: String) {
        rows = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.last == "\r" ? $0.dropLast() : $0
        }
    }

    /// All values, in no particular order.
    static func values(in text: String) -> [Value] {
        // Carriage return and line feed make one character.
        var reader = YAMLReader(text.replacing("\r\n", with: "\n"))
        while reader.row < reader.rows.count { reader.readRow() }
        reader.close { _ in true }
        return reader.values
    }

    private mutating func readRow() {
        let blanks = rows[row].prefix { $0 == " " || $0 == "\t" }
        var column = blanks.count
        var rest = rows[row].dropFirst(column)
        if column == 0, rest.hasPrefix("---") || rest == "..." {
            close { _ in true }
            rest = rest.dropFirst(3).drop { $0 == " " }
            column = 4
        }
        if rest.isEmpty || rest.first == "#" || rest.first == "%" {
            row += 1
            return
        }
        while rest == "-" || rest.hasPrefix("- ") {
            openItem(column)
            let blanks = rest.dropFirst().prefix { $0 == " " }.count
            column += 1 + blanks
            rest = rest.dropFirst(1 + blanks)
        }
        if let (key, value) = Self.key(of: rest) {
            close { $0.column >= column }
            levels.append(Level(column: column, key: key, line: row + 1))
            rest = value
        }
        readValue(Self.withoutProperties(rest))
    }

    /// A dash at a column goes on with the list there, or begins one below the key at that column.
    private mutating func openItem(_ column: Int) {
        close { $0.column > column }
        if levels.last?.column != column || levels.last?.key != nil {
            levels.append(Level(column: column, key: nil, line: row + 1))
        }
    }

    private mutating func close(_ isDone: (Level) -> Bool) {
        while let level = levels.last, isDone(level) {
            levels.removeLast()
            if level.items.count > 1 {
                values.append(
                    Value(path: path, content: .words(level.items), heading: level.line))
            }
        }
    }

    private var path: [String] { levels.compactMap(\.key) }

    private mutating func readValue(_ text: Substring) {
        switch text.first {
        case nil, "#", "*": row += 1
        case "|" where Self.isBlockHeader(text), ">" where Self.isBlockHeader(text):
            readBlock(text)
        case "\"", "'", "[", "{":
            // `{{ … }}` of a template is no mapping.
            guard !text.hasPrefix("{{"), readFlow(text) else { fallthrough }
        default: readPlain(text)
        }
    }

    private mutating func add(_ text: String, line: Int, heading: Int) {
        values.append(Value(path: path, content: .code(text, line: line), heading: heading))
        if let last = levels.indices.last, levels[last].key == nil {
            levels[last].items.append(ShellWord(text: text, line: line))
        }
    }

    // MARK: Blocks

    private static func isBlockHeader(_ text: Substring) -> Bool {
        text.dropFirst().prefix { $0 != "#" }.allSatisfy { "+-0123456789 \t".contains($0) }
    }

    /// `|` and `>`: all rows that stand further to the right than the key.
    private mutating func readBlock(_ header: Substring) {
        let parent = levels.last?.column ?? -1
        let heading = row + 1
        var content: [Substring] = []
        row += 1
        while row < rows.count, Self.isBlank(rows[row]) || Self.column(of: rows[row]) > parent {
            content.append(rows[row])
            row += 1
        }
        while let last = content.last, Self.isBlank(last) { content.removeLast() }
        guard let first = content.first(where: { !Self.isBlank($0) }) else { return }
        let given = header.first(where: \.isNumber)?.wholeNumberValue
        let column = given.map { max(parent, 0) + $0 } ?? Self.column(of: first)
        let lines = content.map {
            $0.dropFirst(min(column, Self.column(of: $0)))
        }
        let text =
            header.first == "|" ? lines.joined(separator: "\n") : Self.folded(lines)
        add(text, line: heading + 1, heading: heading)
    }

    /// One line where YAML makes one of several, written as a shell would continue it, so that the
    /// numbers of the lines stay.
    static func folded(_ lines: [Substring]) -> String {
        var result = ""
        var previous: Substring?
        for line in lines {
            if let previous {
                let breaks =
                    isBlank(line) || isBlank(previous) || line.first == " " || line.first == "\t"
                    || previous.first == " " || previous.first == "\t" || previous.last == "\\"
                result += breaks ? "\n" : " \\\n"
            }
            result += line
            previous = line
        }
        return result
    }

    // MARK: Plain text

    private mutating func readPlain(_ text: Substring) {
        let text = Self.trimmed(text)
        let parent = levels.last?.column ?? -1
        let start = row + 1
        var lines = [Self.withoutComment(text)]
        var isOpen = lines[0].count == text.count
        row += 1
        while isOpen, row < rows.count {
            // Blank rows belong to it when more of it follows.
            var next = row
            while next < rows.count, Self.isBlank(rows[next]) { next += 1 }
            guard next < rows.count, Self.column(of: rows[next]) > parent else { break }
            let rest = Self.trimmed(rows[next].drop { $0 == " " || $0 == "\t" })
            if rest.first == "#" || Self.key(of: rest) != nil { break }
            lines += (row..<next).map { _ in "" }
            lines.append(Self.withoutComment(rest))
            isOpen = lines[lines.count - 1].count == rest.count
            row = next + 1
        }
        add(Self.folded(lines), line: start, heading: start)
    }

    private static func withoutComment(_ text: Substring) -> Substring {
        var isAfterBlank = true
        for index in text.indices {
            if text[index] == "#", isAfterBlank {
                return Self.trimmed(text[..<index])
            }
            isAfterBlank = text[index] == " " || text[index] == "\t"
        }
        return text
    }

    // MARK: Quoted text, lists and mappings in brackets

    private mutating func readFlow(_ text: Substring) -> Bool {
        guard let flow = FlowReader.read(rows, row: row, from: text.startIndex) else {
            return false
        }
        let heading = row + 1
        for value in flow.values {
            values.append(
                Value(path: path + value.path, content: value.content, heading: heading))
        }
        if let last = levels.indices.last, levels[last].key == nil, let item = flow.scalar {
            levels[last].items.append(item)
        }
        row = flow.lastRow + 1
        return true
    }

    // MARK: Rows

    private static func isBlank(_ row: Substring) -> Bool { row.allSatisfy(\.isWhitespace) }

    private static func column(of row: Substring) -> Int {
        row.prefix { $0 == " " || $0 == "\t" }.count
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    /// `&name` and `!type` say nothing about a command.
    private static func withoutProperties(_ text: Substring) -> Substring {
        var rest = text
        while rest.first == "&" || rest.first == "!" {
            rest = rest.drop { $0 != " " }.drop { $0 == " " }
        }
        return rest
    }

    /// `key: value` and `"key": value`; nil when it is neither.
    private static func key(of text: Substring) -> (key: String, value: Substring)? {
        guard let first = text.first, !"[{&*!|>%@`#-".contains(first) else { return nil }
        var end = text.startIndex
        var quote: Character? = first == "\"" || first == "'" ? first : nil
        if quote != nil { end = text.index(after: end) }
        while end < text.endIndex {
            let character = text[end]
            let next = text.index(after: end)
            if let open = quote {
                if character == open { quote = nil }
            } else if character == ":" {
                if next == text.endIndex || text[next] == " " || text[next] == "\t" {
                    let key = text[..<end].filter { $0 != "\"" && $0 != "'" }
                    return (key, text[next...].drop { $0 == " " || $0 == "\t" })
                }
            } else if character == "\"" || character == "'" || character == "#" {
                // `echo "a: b"` is meant as a command.
                return nil
            }
            end = next
        }
        return nil
    }
}
