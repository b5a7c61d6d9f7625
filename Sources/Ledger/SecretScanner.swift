/// Finds the ranges of a text that look like secrets, in one pass from left to right.
struct SecretScanner {
    private let bytes: [UInt8]
    private var found: [Range<Int>] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The ranges in order, none overlapping another.
    mutating func secrets() -> [Range<Int>] {
        var position = 0
        while position < bytes.count {
            if let secret = secret(at: position) {
                found.append(secret)
                position = max(secret.upperBound, position + 1)
            } else {
                position += 1
            }
        }
        return found
    }

    /// The secret that is announced by, or starts with, what stands at `position`.
    private func secret(at position: Int) -> Range<Int>? {
        let byte = bytes[position]
        if byte == UInt8(ascii: ":"), let secret = urlPassword(at: position) { return secret }
        guard position == 0 || !Self.isWord(bytes[position - 1]) else { return nil }
        if byte == UInt8(ascii: "-") { return pemKey(at: position) ?? flagValue(at: position) }
        guard Self.isWord(byte) else { return nil }
        return knownKey(at: position) ?? headerValue(at: position) ?? variableValue(at: position)
    }

    // MARK: - Announced by what stands before

    /// `--password x`, `--password=x`, and `-u user:password` as curl has it.
    private func flagValue(at position: Int) -> Range<Int>? {
        if position > 0 && !Self.isSpaceOrQuote(bytes[position - 1]) { return nil }
        if starts(with: "-u ", at: position) || starts(with: "--user ", at: position) {
            let start = skipSpaces(from: position + (bytes[position + 1] == 0x75 ? 2 : 6))
            let value = value(from: start)
            guard let colon = Masking.userPassword(in: bytes[value]) else { return nil }
            return nonEmpty(colon + 1..<value.upperBound)
        }
        guard starts(with: "--", at: position) else { return nil }
        let name = word(from: position + 2)
        guard Masking.isSecretName(bytes[name], isVariable: false), name.upperBound < bytes.count
        else { return nil }
        switch bytes[name.upperBound] {
        case UInt8(ascii: "="): return nonEmpty(value(from: name.upperBound + 1))
        case UInt8(ascii: " "):
            let start = skipSpaces(from: name.upperBound)
            return starts(with: "-", at: start) ? nil : nonEmpty(value(from: start))
        default: return nil
        }
    }

    /// `NAME_TOKEN=x`, `password: x`, `"token": "x"`.
    private func variableValue(at position: Int) -> Range<Int>? {
        let name = word(from: position)
        var next = name.upperBound
        guard next < bytes.count, Masking.isSecretName(bytes[name], isVariable: true) else {
            return nil
        }
        if bytes[next] == UInt8(ascii: "=") { return nonEmpty(value(from: next + 1)) }
        if bytes[next] == UInt8(ascii: "\"") || bytes[next] == UInt8(ascii: "'") { next += 1 }
        guard next < bytes.count, bytes[next] == UInt8(ascii: ":") else { return nil }
        // `token:x` may be an image and its tag; a space or a quote says that a value follows.
        guard next + 1 < bytes.count, Self.isSpaceOrQuote(bytes[next + 1]) else { return nil }
        return nonEmpty(value(from: skipSpaces(from: next + 1)))
    }

    /// `Authorization: Bearer x`, `X-Api-Key: x`.
    private func headerValue(at position: Int) -> Range<Int>? {
        for name in ["authorization:", "proxy-authorization:", "x-api-key:", "private-token:"]
        where starts(with: name, at: position) {
            var start = skipSpaces(from: position + name.utf8.count)
            for scheme in ["bearer ", "basic ", "token ", "digest "]
            where starts(with: scheme, at: start) {
                start = skipSpaces(from: start + scheme.utf8.count)
            }
            return nonEmpty(value(from: start))
        }
        guard starts(with: "bearer ", at: position) else { return nil }
        let token = value(from: skipSpaces(from: position + 7))
        return token.count >= 16 ? token : nil
    }

    /// The password in `scheme://user:password@host`, from its `://`.
    private func urlPassword(at position: Int) -> Range<Int>? {
        guard starts(with: "://", at: position), position > 0, Self.isWord(bytes[position - 1])
        else { return nil }
        let start = position + 3
        let end =
            bytes[start...].firstIndex { Self.isSpaceOrQuote($0) || $0 == UInt8(ascii: "/") }
            ?? bytes.count
        guard let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")) else { return nil }
        guard let colon = bytes[start..<at].firstIndex(of: UInt8(ascii: ":")) else {
            // `https://ghp_…@github.com`: a user alone may be a key; its shape decides.
            return nil
        }
        return nonEmpty(colon + 1..<at)
    }

    // MARK: - Known by their shape

    private static let prefixes: [(text: String, shortest: Int)] = [
        ("ghp_", 30), ("gho_", 30), ("ghu_", 30), ("ghs_", 30), ("ghr_", 30),
        ("github_pat_", 30), ("glpat-", 20), ("xoxb-", 20), ("xoxa-", 20), ("xoxp-", 20),
        ("xoxr-", 20), ("xoxs-", 20), ("sk-", 23), ("sk_live_", 20), ("rk_live_", 20),
        ("npm_", 36), ("dckr_pat_", 20), ("hvs.", 24), ("AIza", 35), ("SG.", 40),
    ]

    private func knownKey(at position: Int) -> Range<Int>? {
        let end = tokenEnd(from: position)
        let count = end - position
        for (prefix, shortest) in Self.prefixes
        where count >= shortest && bytes[position...].starts(with: prefix.utf8) {
            // `sk-` begins ordinary words too; keys have digits.
            let hasDigit = bytes[position..<end].contains { 0x30...0x39 ~= $0 }
            return prefix != "sk-" || hasDigit ? position..<end : nil
        }
        if count == 20,
            starts(exactly: "AKIA", at: position) || starts(exactly: "ASIA", at: position)
        {
            let rest = bytes[position + 4..<end]
            return rest.allSatisfy { 0x30...0x39 ~= $0 || 0x41...0x5a ~= $0 } ? position..<end : nil
        }
        // A JSON Web Token: three parts, the first one begins with `{"` in base 64.
        let dots = bytes[position..<end].count { $0 == UInt8(ascii: ".") }
        return starts(exactly: "eyJ", at: position) && dots >= 2 && count >= 30
            ? position..<end : nil
    }

    /// All of a PEM block that holds a private key, its frame excepted.
    private func pemKey(at position: Int) -> Range<Int>? {
        guard starts(exactly: "-----BEGIN ", at: position) else { return nil }
        let close = "-----"
        guard let name = find("PRIVATE KEY-----", from: position + 11, within: 40) else {
            return nil
        }
        let start = name + 16
        let end = find(close, from: start, within: bytes.count) ?? bytes.count
        return nonEmpty(start..<end)
    }

    // MARK: - Reading

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"): true
        default: false
        }
    }

    static func isName(_ byte: UInt8) -> Bool {
        isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    private static func isSpaceOrQuote(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
            || byte == UInt8(ascii: "`")
    }

    /// A name: letters, digits, `_`, `-`, `.`.
    private func word(from start: Int) -> Range<Int> {
        start..<(bytes[start...].firstIndex { !Self.isName($0) } ?? bytes.count)
    }

    private func tokenEnd(from start: Int) -> Int { word(from: start).upperBound }

    /// A value: what is between quotes, else up to a space or what ends a word in a shell or URL.
    private func value(from start: Int) -> Range<Int> {
        guard start < bytes.count else { return bytes.count..<bytes.count }
        let quote = bytes[start]
        let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        let ends = isQuoted ? [quote] : Self.wordEnds
        let first = isQuoted ? start + 1 : start
        var end = first
        while end < bytes.count, !ends.contains(bytes[end]) {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return first..<min(end, bytes.count)
    }

    private static let wordEnds = Array(" \t\r\n\"'`;|&<>".utf8)

    private func skipSpaces(from start: Int) -> Int {
        guard start < bytes.count else { return bytes.count }
        return bytes[start...].firstIndex { $0 != 0x20 && $0 != 0x09 } ?? bytes.count
    }

    /// Whether `text` stands at `position`, upper and lower case being the same.
    private func starts(with text: String, at position: Int) -> Bool {
        guard position + text.utf8.count <= bytes.count else { return false }
        var index = position
        for wanted in text.utf8 {
            let byte = bytes[index]
            guard byte == wanted || byte >= 0x41 && byte <= 0x5a && byte | 0x20 == wanted else {
                return false
            }
            index += 1
        }
        return true
    }

    private func starts(exactly text: String, at position: Int) -> Bool {
        position < bytes.count && bytes[position...].starts(with: text.utf8)
    }

    private func find(_ text: String, from start: Int, within distance: Int) -> Int? {
        let last = min(bytes.count - text.utf8.count, start + distance)
        guard start <= last else { return nil }
        return (start...last).first { starts(exactly: text, at: $0) }
    }

    private func nonEmpty(_ range: Range<Int>) -> Range<Int>? {
        // Hiding twice hides nothing more: what is masked already stays as it is.
        range.isEmpty || bytes[range].elementsEqual(Masking.replacement) ? nil : range
    }
}
