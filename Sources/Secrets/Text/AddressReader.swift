/// Reads URLs: the password in `scheme://user:password@host`, the token in `https://token@host`,
/// and what a webhook's address keeps secret.
struct AddressReader {
    private let bytes: [UInt8]
    /// Where the word ends that was looked at last, and its last `@`, so that a long one is read
    /// once.
    private var end = 0
    private var lastAt: Int?

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The secret of the URL whose `://` stands at `position`.
    mutating func secret(at position: Int) -> Range<Int>? {
        guard bytes[position...].starts(with: "://".utf8), position > 0,
            Bytes.isWord(bytes[position - 1])
        else { return nil }
        let start = position + 3
        readWord(from: start)
        if let secret = KnownKey.webhookSecret(from: start, in: bytes), secret < end {
            // `&` belongs to the address where no blank follows.
            let stop = bytes[secret..<end].firstIndex { ";|<>)".utf8.contains($0) } ?? end
            return secret..<stop
        }
        guard let at = endOfUser(from: start) else { return nil }
        let user = start..<(bytes[start..<at].firstIndex(of: UInt8(ascii: ":")) ?? at)
        let password = min(user.upperBound + 1, at)..<at
        // `docker://image:tag@sha256:…`
        if bytes[at...].starts(with: "@sha256:".utf8) { return nil }
        let secret = isKey(user, password, position) ? start..<at : password
        if secret.isEmpty { return nil }
        // Nothing is hidden, and nobody else has to look at it.
        let isMasked = bytes[secret].starts(with: Mask.bytes)
        return isMasked || PlainValue.isReference(bytes[secret]) ? at..<at : secret
    }

    /// The password in `user:password@tcp(host:3306)/name`, as a driver of Go has it.
    func driverPassword(after user: Range<Int>) -> Range<Int>? {
        let start = user.upperBound + 1
        guard bytes[user.upperBound] == UInt8(ascii: ":"),
            !bytes[start...].starts(with: "//".utf8)
        else { return nil }
        let rest = bytes[start...].prefix(256).prefix { !Bytes.isBlank($0) && !Bytes.isQuote($0) }
        guard let at = rest.lastIndex(of: UInt8(ascii: "@")), at > start else { return nil }
        let isDriver = ["@tcp(", "@unix(", "@("].contains { bytes[at...].starts(with: $0.utf8) }
        return isDriver ? start..<at : nil
    }

    /// Whether the user is the key and what follows it is for show, as over HTTP as a rule.
    private func isKey(_ user: Range<Int>, _ password: Range<Int>, _ position: Int) -> Bool {
        let isForShow = ["", "x", "x-oauth-basic", "x-token-auth"].contains {
            bytes[password].elementsEqual($0.utf8)
        }
        let isWeb = bytes[..<position].endsWith("http") || bytes[..<position].endsWith("https")
        return isWeb && isForShow && !bytes[user].isText("git")
            || KnownKey.end(at: user.lowerBound, wordEnd: user.upperBound, in: bytes) != nil
            || user.count >= 20 && bytes[user].contains(where: Bytes.isDigit)
    }

    private mutating func readWord(from start: Int) {
        guard start >= end else { return }
        end =
            bytes[start...].firstIndex { Bytes.isBlank($0) || Bytes.isQuote($0) || $0 == 0x60 }
            ?? bytes.count
        lastAt = bytes[start..<end].lastIndex(of: UInt8(ascii: "@"))
    }

    /// The place of the `@` after the user of a URL whose `://` ends at `start`.
    private func endOfUser(from start: Int) -> Int? {
        guard let lastAt, lastAt >= start else { return nil }
        let slash = bytes[start..<end].firstIndex { "/?#".utf8.contains($0) } ?? end
        if lastAt < slash { return lastAt }
        if let at = bytes[start..<slash].lastIndex(of: UInt8(ascii: "@")) { return at }
        // A slash in the password should have been written as %2F, and often is not.
        guard let colon = bytes[start..<slash].firstIndex(of: UInt8(ascii: ":")),
            !bytes[(colon + 1)..<slash].allSatisfy(Bytes.isDigit)
        else { return nil }
        return lastAt
    }
}
