/// Reads statements that set a password, as databases have them.
struct StatementReader {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The password in the statement that has the word `word` in it; nil when there is none.
    func secret(after word: Range<Int>) -> Range<Int>? {
        let text = bytes[word]
        switch bytes[word.upperBound] {
        case UInt8(ascii: "("):
            return argument(of: text, from: word.upperBound + 1)
        case _ where Bytes.isBlank(bytes[word.upperBound]): break
        default: return nil
        }
        let next = skipBlanks(from: word.upperBound)
        if text.isText("identified") { return identified(from: next) }
        if text.isText("password") || text.isText("passphrase") {
            return literal(from: next) ?? passwordOf(from: next)
        }
        if text.isText("pragma") { return pragma(from: next) }
        if text.isText("send"), isAfterPrompt(word.lowerBound) { return sent(from: next) }
        if text.isText("using"), isAfterUser(word.lowerBound) {
            return ValueReader.value(from: next, in: bytes)
        }
        return nil
    }

    /// `PASSWORD('x')`, `set_password("x")`, `db.auth("ann", "x")`.
    private func argument(of function: ArraySlice<UInt8>, from start: Int) -> Range<Int>? {
        let verbs = [
            "get", "read", "find", "verify", "check", "fetch", "lookup", "input", "prompt",
        ]
        guard
            function.endsWith("password") || function.endsWith("passphrase")
                || function.endsWith(".auth"),
            !verbs.contains(where: { function.beginsWith($0) }),
            let first = literal(from: start)
        else { return nil }
        // In front of the password stands whose it is.
        let rest = bytes[first.upperBound...].prefix(8)
        guard let comma = rest.firstIndex(of: UInt8(ascii: ",")) else { return first }
        return literal(from: skipBlanks(from: comma + 1)) ?? first
    }

    /// `PRAGMA key='x'` of SQLCipher.
    private func pragma(from start: Int) -> Range<Int>? {
        let name = word(from: start)
        guard ["key", "rekey"].contains(where: { bytes[name].isText($0) }) else { return nil }
        let equals = skipBlanks(from: name.upperBound)
        guard equals < bytes.count, bytes[equals] == UInt8(ascii: "=") else { return nil }
        return literal(from: skipBlanks(from: equals + 1))
    }

    /// Whether a prompt for a password stands before, as scripts of expect(1) have it.
    private func isAfterPrompt(_ position: Int) -> Bool {
        let before = bytes[max(0, position - 60)..<position]
        return before.indices.contains { position in
            let rest = bytes[position...]
            return rest.beginsWith("assword") || rest.beginsWith("assphrase")
        }
    }

    /// What `send "x\r"` sends, without the end of the line.
    private func sent(from start: Int) -> Range<Int>? {
        let dashes = bytes[start...].starts(with: "-- ".utf8) ? 3 : 0
        guard let text = literal(from: start + dashes) else { return nil }
        let ends = ["\\r", "\\n"].contains { bytes[text].endsWith($0) }
        return ends && text.count > 2 ? text.lowerBound..<text.upperBound - 2 : text
    }

    /// `IDENTIFIED BY 'x'`, `IDENTIFIED WITH plugin BY 'x'`, `IDENTIFIED BY PASSWORD 'x'`.
    private func identified(from start: Int) -> Range<Int>? {
        var position = start
        for _ in 0..<4 {
            let word = self.word(from: position)
            if word.isEmpty { return nil }
            position = skipBlanks(from: word.upperBound)
            guard ["by", "as"].contains(where: { bytes[word].isText($0) }) else { continue }
            if bytes[self.word(from: position)].isText("password") {
                position = skipBlanks(from: position + 8)
            }
            let value = ValueReader.value(from: position, in: bytes)
            // `identified by the name`
            let isProse = ["the", "a", "an", "its", "their", "this", "one"].contains {
                bytes[value].isText($0)
            }
            let isElsewhere = isProse || PlainValue.isReference(bytes[value])
            return value.isEmpty || isElsewhere ? nil : value
        }
        return nil
    }

    /// `PASSWORD FOR ann = 'x'`.
    private func passwordOf(from start: Int) -> Range<Int>? {
        guard bytes[word(from: start)].isText("for") else { return nil }
        let end = min(start + 200, bytes.count)
        guard let equals = bytes[start..<end].firstIndex(of: UInt8(ascii: "=")) else { return nil }
        return literal(from: skipBlanks(from: equals + 1))
    }

    /// `CONNECT TO shop USER ann USING x`.
    private func isAfterUser(_ position: Int) -> Bool {
        let words = bytes[max(0, position - 80)..<position]
            .split { Bytes.isBlank($0) }.suffix(2)
        return words.count == 2 && words.first?.isText("user") == true
    }

    /// What is between quotes; nil when no quotes are there.
    private func literal(from start: Int) -> Range<Int>? {
        var start = start
        // `PASSWORD E'x'`
        if start + 1 < bytes.count, "NnEe".utf8.contains(bytes[start]), bytes[start + 1] == 0x27 {
            start += 1
        }
        let isEscaped = start + 1 < bytes.count && bytes[start] == UInt8(ascii: "\\")
        guard start < bytes.count, Bytes.isQuote(bytes[isEscaped ? start + 1 : start]) else {
            return nil
        }
        let value = ValueReader.value(from: start, in: bytes)
        return value.isEmpty || PlainValue.isReference(bytes[value]) ? nil : value
    }

    private func word(from start: Int) -> Range<Int> {
        let limit = min(start + 64, bytes.count)
        guard start < limit else { return bytes.count..<bytes.count }
        return start..<(bytes[start..<limit].firstIndex { !Bytes.isName($0) } ?? limit)
    }

    private func skipBlanks(from start: Int) -> Int {
        guard start < bytes.count else { return bytes.count }
        return bytes[start...].firstIndex { !Bytes.isBlank($0) } ?? bytes.count
    }
}
