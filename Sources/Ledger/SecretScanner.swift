/// Finds the ranges of a text that look like secrets, in one pass from left to right.
struct SecretScanner {
    private let bytes: [UInt8]
    private var found: [Range<Int>] = []
    private var options = ProgramOptions()

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
    private mutating func secret(at position: Int) -> Range<Int>? {
        let byte = bytes[position]
        if byte == UInt8(ascii: ":") { return urlSecret(at: position) }
        guard position == 0 || !Self.isWord(bytes[position - 1]) else { return nil }
        if isWordStart(position), let secret = optionValue(at: position) { return secret }
        if byte == UInt8(ascii: "-") { return pemKey(at: position) ?? flagValue(at: position) }
        guard Self.isWord(byte) else { return nil }
        if let end = KnownKey.end(at: position, in: bytes) { return position..<end }
        return headerValue(at: position) ?? variableValue(at: position)
    }

    // MARK: - Announced by what stands before

    /// The value of a short option of a known program, `-pSECRET`, `-u user:SECRET`.
    private mutating func optionValue(at position: Int) -> Range<Int>? {
        let end = bytes[position...].firstIndex { Self.endsCommandWord($0) } ?? bytes.count
        let isQuoted = position > 0 && Self.isQuote(bytes[position - 1])
        let whole = isQuoted ? value(from: position - 1) : position..<end
        // What is quoted inside the word, as in `-p'a b'`, is for `value` to read.
        let word = isQuoted ? position..<min(end, whole.upperBound) : whole
        guard let start = options.secretStart(in: bytes[word]) else {
            if end < bytes.count, !Self.isSpace(bytes[end]) { options.beginCommand() }
            return nil
        }
        if isQuoted { return nonEmpty(start..<max(start, whole.upperBound)) }
        return nonEmpty(value(from: start))
    }

    /// `--password x`, `--password=x`, `-Dpassword=x`, `-HX-Api-Key: x`.
    private func flagValue(at position: Int) -> Range<Int>? {
        if position > 0 && !Self.isSpaceOrQuote(bytes[position - 1]) { return nil }
        if starts(exactly: "-H", at: position), let secret = headerValue(at: position + 2) {
            return secret
        }
        let dashes = starts(exactly: "--", at: position) ? 2 : 1
        guard let name = name(from: position + dashes), name.upperBound < bytes.count else {
            return nil
        }
        switch bytes[name.upperBound] {
        case UInt8(ascii: "="):
            let value = value(from: name.upperBound + 1)
            guard SecretName(bytes[name], isVariable: false).hides(bytes[value]) else { return nil }
            return nonEmpty(value)
        case UInt8(ascii: " "):
            let value = value(from: skipSpaces(from: name.upperBound))
            return Masking.isSecretFlag(bytes[position..<name.upperBound], before: bytes[value])
                ? nonEmpty(value) : nil
        default: return nil
        }
    }

    /// `NAME_TOKEN=x`, `password: x`, `"token": "x"`, `\"token\": \"x\"`, `pass:x` of openssl.
    private func variableValue(at position: Int) -> Range<Int>? {
        guard let name = name(from: position), name.upperBound < bytes.count else { return nil }
        var next = name.upperBound
        if bytes[next] == UInt8(ascii: "=") {
            let value = value(from: next + 1)
            let isFlag = position > 0 && bytes[position - 1] == UInt8(ascii: "-")
            let isHidden = hides(name, value, isVariable: !isFlag) || isSignature(name)
            return isHidden ? nonEmpty(value) : nil
        }
        if bytes[next] == UInt8(ascii: "\\") { next += 1 }
        let isQuoted = next < bytes.count && Self.isQuote(bytes[next])
        if isQuoted { next += 1 }
        guard next + 1 < bytes.count, bytes[next] == UInt8(ascii: ":") else { return nil }
        if !isQuoted, bytes[name].elementsEqual("pass".utf8), !Self.isSpace(bytes[next + 1]) {
            return nonEmpty(value(from: next + 1))
        }
        // `token:x` may be an image and its tag; a space or a quote says that a value follows.
        guard isQuoted || Self.isSpaceOrQuote(bytes[next + 1]) || bytes[next + 1] == 0x5c,
            isQuoted || SecretName(bytes[name], isVariable: true).isSecretBeforeColon
        else { return nil }
        let value = value(from: skipSpaces(from: next + 1))
        return hides(name, value, isVariable: true) ? nonEmpty(value) : nil
    }

    private func hides(_ name: Range<Int>, _ value: Range<Int>, isVariable: Bool) -> Bool {
        SecretName(bytes[name], isVariable: isVariable).hides(bytes[value])
    }

    /// What signs a URL, `?sig=x&X-Amz-Signature=x`.
    private func isSignature(_ name: Range<Int>) -> Bool {
        guard name.lowerBound > 0, "?&".utf8.contains(bytes[name.lowerBound - 1]) else {
            return false
        }
        return ["sig=", "signature=", "x-amz-signature=", "x-goog-signature=", "key="].contains {
            starts(with: $0, at: name.lowerBound)
        }
    }

    /// `Authorization: Bearer x`, `X-Api-Key: x`, `Cookie: session=x`.
    private func headerValue(at position: Int) -> Range<Int>? {
        for name in ["authorization:", "proxy-authorization:"]
        where starts(with: name, at: position) {
            var start = skipSpaces(from: position + name.utf8.count)
            let end = headerEnd(from: start, beganAt: position)
            for scheme in ["bearer ", "basic ", "token ", "digest "]
            where starts(with: scheme, at: start) {
                start = skipSpaces(from: start + scheme.utf8.count)
            }
            return nonEmpty(start..<max(start, end))
        }
        for name in ["cookie:", "set-cookie:"] where starts(with: name, at: position) {
            let start = skipSpaces(from: position + name.utf8.count)
            let value = start..<max(start, headerEnd(from: start, beganAt: position))
            return bytes[value].contains(UInt8(ascii: "=")) ? nonEmpty(value) : nil
        }
        if starts(with: "x-", at: position) || starts(with: "private-token:", at: position),
            let name = name(from: position), name.upperBound < bytes.count,
            bytes[name.upperBound] == UInt8(ascii: ":")
        {
            let value = value(from: skipSpaces(from: name.upperBound + 1))
            return hides(name, value, isVariable: true) ? nonEmpty(value) : nil
        }
        guard starts(with: "bearer ", at: position) else { return nil }
        let token = value(from: skipSpaces(from: position + 7))
        return token.count >= 16 ? token : nil
    }

    /// Where a header ends that began at `position`: with the quotes around it, else with the line.
    private func headerEnd(from start: Int, beganAt position: Int) -> Int {
        let quote = position > 0 && Self.isQuote(bytes[position - 1]) ? bytes[position - 1] : nil
        let isAlone = position == 0
        return bytes[start...].firstIndex { byte in
            if byte == 0x0a || byte == 0x0d { return true }
            return quote.map { byte == $0 } ?? (!isAlone && Self.isQuote(byte))
        } ?? bytes.count
    }

    /// The password in `scheme://user:password@host`, the token in `https://token@host`, and what
    /// a webhook's address keeps secret, from its `://`.
    private func urlSecret(at position: Int) -> Range<Int>? {
        guard starts(with: "://", at: position), position > 0, Self.isWord(bytes[position - 1])
        else { return nil }
        let start = position + 3
        if let secret = KnownKey.webhookSecret(from: start, in: bytes) {
            return nonEmpty(value(from: secret))
        }
        guard let at = endOfUser(from: start) else { return nil }
        let user = start..<(bytes[start..<at].firstIndex(of: UInt8(ascii: ":")) ?? at)
        let password = min(user.upperBound + 1, at)..<at
        let isWeb = "pPsS".utf8.contains(bytes[position - 1]) && isWebScheme(before: position)
        // Over HTTP a user alone is a token as a rule, and so is one with a password for show.
        let isForShow = ["", "x", "x-oauth-basic"].contains {
            bytes[password].elementsEqual($0.utf8)
        }
        let isKey =
            isWeb && isForShow || KnownKey.end(at: start, in: bytes) != nil
            || user.count >= 20 && bytes[user].contains(where: Masking.isDigit)
        if isKey {
            return bytes[start..<at].starts(with: Masking.replacement) ? nil : nonEmpty(start..<at)
        }
        // `docker://image:tag@sha256:…`
        if starts(exactly: "@sha256:", at: at) { return nil }
        return nonEmpty(password)
    }

    private func isWebScheme(before position: Int) -> Bool {
        position >= 4 && starts(with: "http", at: position - 4)
            || position >= 5 && starts(with: "https", at: position - 5)
    }

    /// The place of the `@` after the user of a URL whose `://` ends at `start`.
    private func endOfUser(from start: Int) -> Int? {
        let end = bytes[start...].firstIndex { Self.isSpaceOrQuote($0) } ?? bytes.count
        let slash = bytes[start..<end].firstIndex { "/?#".utf8.contains($0) } ?? end
        if let at = bytes[start..<slash].lastIndex(of: UInt8(ascii: "@")) { return at }
        // A slash in the password should have been written as %2F, and often is not.
        guard let colon = bytes[start..<slash].firstIndex(of: UInt8(ascii: ":")),
            !bytes[(colon + 1)..<slash].allSatisfy(Masking.isDigit)
        else { return nil }
        return bytes[start..<end].lastIndex(of: UInt8(ascii: "@"))
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

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 }

    private static func isSpaceOrQuote(_ byte: UInt8) -> Bool {
        isSpace(byte) || isQuote(byte) || byte == UInt8(ascii: "`")
    }

    /// Blanks, and what a shell puts between commands.
    private static func endsCommandWord(_ byte: UInt8) -> Bool {
        isSpace(byte) || ";|&()`".utf8.contains(byte)
    }

    /// Whether a word of a command begins here, perhaps after its opening quote.
    private func isWordStart(_ position: Int) -> Bool {
        guard !Self.endsCommandWord(bytes[position]), !Self.isQuote(bytes[position]) else {
            return false
        }
        if position == 0 || Self.endsCommandWord(bytes[position - 1]) { return true }
        return Self.isQuote(bytes[position - 1])
            && (position == 1 || Self.endsCommandWord(bytes[position - 2]))
    }

    /// A name: letters, digits, `_`, `-`, `.`; nil when it is longer than any.
    private func name(from start: Int) -> Range<Int>? {
        var end = start
        while end < bytes.count, Self.isName(bytes[end]) {
            end += 1
            if end - start > 128 { return nil }
        }
        return start..<end
    }

    /// A value: what is between quotes, else up to a space or what ends a word in a shell or URL.
    private func value(from start: Int) -> Range<Int> {
        guard start < bytes.count else { return bytes.count..<bytes.count }
        // Quotes that are themselves inside quotes: `\"x\"`.
        if bytes[start] == UInt8(ascii: "\\"), start + 1 < bytes.count,
            Self.isQuote(bytes[start + 1])
        {
            let close = "\\" + String(UnicodeScalar(bytes[start + 1]))
            return start + 2..<(find(close, from: start + 2, within: bytes.count) ?? bytes.count)
        }
        guard Self.isQuote(bytes[start]) else { return start..<wordEnd(from: start) }
        let end = unescaped(from: start + 1) { $0 == bytes[start] }
        // `"a"b` is one word of a shell.
        guard end + 1 < bytes.count, !"]}),:".utf8.contains(bytes[end + 1]) else {
            return start + 1..<end
        }
        let rest = wordEnd(from: end + 1)
        return rest == end + 1 ? start + 1..<end : start..<rest
    }

    private func wordEnd(from start: Int) -> Int {
        unescaped(from: start) { Self.wordEnds.contains($0) }
    }

    private func unescaped(from start: Int, _ isEnd: (UInt8) -> Bool) -> Int {
        var end = start
        while end < bytes.count, !isEnd(bytes[end]) {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(end, bytes.count)
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
