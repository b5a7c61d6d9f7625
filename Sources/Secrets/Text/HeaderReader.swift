/// Reads headers of HTTP, which end with the line or the quotes around them.
struct HeaderReader {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The secret of the header with this name, which is empty when it stands elsewhere; nil when
    /// it is no header with one.
    func secret(after name: Range<Int>) -> Range<Int>? {
        let text = bytes[name]
        switch bytes[name.upperBound] {
        case UInt8(ascii: ":"):
            if text.endsWith("authorization"), text.count == 13 || text.beginsWith("proxy-") {
                return credentials(name)
            }
            return text.isText("cookie") || text.isText("set-cookie") ? cookies(name) : nil
        case UInt8(ascii: " "):
            if text.isText("bearer") { return token(after: name) { $0.count >= 16 } }
            if text.isText("basic") { return token(after: name, isEncoded) }
            return nil
        default: return nil
        }
    }

    /// What follows the scheme: `Authorization: Bearer x`.
    private func credentials(_ name: Range<Int>) -> Range<Int>? {
        var start = ValueReader.skipBlanks(from: name.upperBound + 1, in: bytes)
        let isWhole = isAlone(name)
        var end =
            isWhole
            ? lineEnd(from: start, name) : ValueReader.value(from: start, in: bytes).upperBound
        if start < bytes.count, Bytes.isQuote(bytes[start]) {
            let value = ValueReader.value(from: start, in: bytes)
            (start, end) = (value.lowerBound, value.upperBound)
        }
        for scheme in [
            "bearer", "basic", "token", "digest", "negotiate", "apikey", "ntlm", "splunk",
        ]
        where bytes[start...].beginsWith(scheme) {
            let next = start + scheme.utf8.count
            guard next < bytes.count, Bytes.isBlank(bytes[next]) else { continue }
            if scheme == "apikey", isWhole { continue }
            start = ValueReader.skipBlanks(from: next, in: bytes)
            if !isWhole, start > end { end = ValueReader.value(from: start, in: bytes).upperBound }
        }
        guard start < end else { return nil }
        // Nothing is hidden, and nobody else has to look at it.
        return PlainValue.isReference(bytes[start..<end]) ? end..<end : start..<end
    }

    private func cookies(_ name: Range<Int>) -> Range<Int>? {
        let start = ValueReader.skipBlanks(from: name.upperBound + 1, in: bytes)
        // Names of cookies are short.
        guard start < bytes.count, bytes[start...].prefix(128).contains(0x3d) else { return nil }
        let value = ValueReader.value(from: start, in: bytes)
        let range = isAlone(name) ? start..<max(start, lineEnd(from: start, name)) : value
        return bytes[range].contains(UInt8(ascii: "=")) ? range : nil
    }

    private func token(
        after name: Range<Int>, _ isToken: (ArraySlice<UInt8>) -> Bool
    ) -> Range<Int>? {
        let start = ValueReader.skipBlanks(from: name.upperBound, in: bytes)
        let value = ValueReader.value(from: start, in: bytes)
        guard isToken(bytes[value]), !PlainValue.isReference(bytes[value]) else { return nil }
        return value
    }

    /// Whether it may be base 64 and is no word of a sentence.
    private func isEncoded(_ value: ArraySlice<UInt8>) -> Bool {
        guard value.count >= 8, !value.contains(where: { $0 == 0x2d || $0 == 0x2e }) else {
            return false
        }
        let hasMixture =
            value.contains(where: Bytes.isLower)
            && value.dropFirst().contains { Bytes.isUpper($0) || Bytes.isDigit($0) }
        return hasMixture || value.last == UInt8(ascii: "=")
    }

    /// Whether the header is all there is in its line or in the quotes around it.
    private func isAlone(_ name: Range<Int>) -> Bool {
        guard name.lowerBound > 0 else { return true }
        let before = bytes[name.lowerBound - 1]
        return Bytes.isQuote(before) || before == 0x0a
    }

    /// Where a header ends: with the quotes around it, else with the line.
    private func lineEnd(from start: Int, _ name: Range<Int>) -> Int {
        let before = name.lowerBound > 0 ? bytes[name.lowerBound - 1] : 0x0a
        let quote = Bytes.isQuote(before) ? before : nil
        let end =
            bytes[start...].firstIndex { $0 == 0x0a || $0 == 0x0d || $0 == quote } ?? bytes.count
        // `\"` in a script in quotes.
        let isEscaped =
            quote != nil && name.lowerBound > 1
            && bytes[name.lowerBound - 2] == UInt8(ascii: "\\") && end > start
            && bytes[end - 1] == UInt8(ascii: "\\")
        return isEscaped ? end - 1 : end
    }
}
