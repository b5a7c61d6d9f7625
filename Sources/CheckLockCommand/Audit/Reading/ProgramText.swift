/// Programs in Python, Ruby, PHP, Perl, JavaScript, Groovy and the like, as far as it takes to see
/// which commands are in their texts and lists.
struct ProgramText {
    private var result = ""
    private var quote: Character?
    private var isEscaped = false
    /// How many brackets are open, and the rows they have been open for.
    private var depth = 0
    private var openRows = 0

    /// An unbalanced bracket joins no more rows than that.
    private static let mostRows = 40

    /// The text as a shell might have it, each row where it was: without comments, with blanks for
    /// the signs between the words of a list, and one line for what is in brackets, so that
    /// `run(["docker", "cp"])` and `sh 'docker cp'` read like commands.
    static func shellText(_ text: String) -> String {
        var reader = ProgramText()
        for row in text.split(separator: "\n", omittingEmptySubsequences: false) {
            reader.read(row)
        }
        return reader.result
    }

    private mutating func read(_ row: Substring) {
        // Few texts go over several rows, and apostrophes are in all comments.
        (quote, isEscaped) = (nil, false)
        let code = row.drop(while: \.isWhitespace)
        // Inside of a comment over several rows.
        if !code.hasPrefix("*"), !code.hasPrefix("/*") {
            var position = code.startIndex
            while position < code.endIndex, !isComment(code[position...]) {
                read(code[position])
                position = code.index(after: position)
            }
        }
        openRows = depth > 0 ? openRows + 1 : 0
        if openRows > Self.mostRows { (depth, openRows) = (0, 0) }
        if depth > 0 { result += " \\" }
        result += "\n"
    }

    private func isComment(_ rest: Substring) -> Bool {
        guard quote == nil, rest.first == "#" || rest.hasPrefix("//") else { return false }
        return result.last.map(\.isWhitespace) ?? true
    }

    private mutating func read(_ character: Character) {
        if let open = quote {
            if character == open, !isEscaped { quote = nil }
            isEscaped = character == "\\" && !isEscaped
            result.append(character)
            return
        }
        switch character {
        case "'", "\"", "`":
            dropPrefix()
            quote = character
            isEscaped = false
            result.append(character)
        case "(", "[":
            depth += 1
            result.append(" ")
        case ")", "]":
            depth = max(0, depth - 1)
            result.append(" ")
        case "{", "}", ",": result.append(" ")
        default: result.append(character)
        }
    }

    /// The letters of `f"…"` and `rb'…'` are not part of the text.
    private mutating func dropPrefix() {
        let letters = result.reversed().prefix { "fFrRbBuU".contains($0) }.count
        guard letters > 0, letters < 3 else { return }
        let before = result.dropLast(letters).last
        if before.map({ $0.isLetter || $0.isNumber || $0 == "_" }) != true {
            result.removeLast(letters)
        }
    }
}
