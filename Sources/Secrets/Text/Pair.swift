/// A name and its value: `NAME=x`, `name = "x"`, `name: x`, `"name": "x"`, `name => x`,
/// `user[name]=x`, `<name>x</name>`.
struct Pair {
    private let bytes: [UInt8]
    private let name: Range<Int>
    private let separator: UInt8
    /// Where the value begins, its quote included.
    private let start: Int
    private let isQuoted: Bool
    private let hasBlank: Bool

    /// nil when nothing that belongs to the name follows it.
    init?(_ bytes: [UInt8], _ name: Range<Int>) {
        self.bytes = bytes
        self.name = name
        var next = name.upperBound
        if bytes[next] == UInt8(ascii: ">"), name.lowerBound > 0,
            bytes[name.lowerBound - 1] == UInt8(ascii: "<")
        {
            (separator, start, isQuoted, hasBlank) = (bytes[next], next + 1, false, false)
            return
        }
        if bytes[next] == UInt8(ascii: "\\") { next += 1 }
        let hasQuote = next < bytes.count && Bytes.isQuote(bytes[next])
        if hasQuote || next < bytes.count && bytes[next] == UInt8(ascii: "]") { next += 1 }
        // A name with the quotes around it is what JSON has, with or without blanks behind it.
        isQuoted = hasQuote && name.lowerBound > 0 && Bytes.isQuote(bytes[name.lowerBound - 1])
        let sign = ValueReader.skipBlanks(from: next, in: bytes)
        guard sign < bytes.count, let length = Self.signLength(at: sign, in: bytes) else {
            return nil
        }
        separator = bytes[sign] == UInt8(ascii: ":") && length == 1 ? bytes[sign] : 0x3d
        hasBlank = sign > next
        let end = sign + length
        let value = ValueReader.skipBlanks(from: end, in: bytes)
        // `NAME= command` sets it to nothing, `name = value` is how files have it.
        start = separator == 0x3d && value > end && !hasBlank && !isQuoted ? end : value
        guard start < bytes.count else { return nil }
        if separator == UInt8(ascii: ":"), !isQuoted, value == end, !Bytes.isQuote(bytes[value]) {
            guard isHeader else { return nil }
        }
    }

    /// `=`, `:`, `:=`, `?=`, `+=`, `=>`; nil for `==` and others.
    private static func signLength(at position: Int, in bytes: [UInt8]) -> Int? {
        let byte = bytes[position]
        let next = position + 1 < bytes.count ? bytes[position + 1] : 0
        switch byte {
        case UInt8(ascii: "="):
            return next == byte ? nil : next == UInt8(ascii: ">") ? 2 : 1
        case UInt8(ascii: ":"):
            // `://` of a URL, `::` of namespaces.
            return next == byte || next == UInt8(ascii: "/") ? nil : next == 0x3d ? 2 : 1
        case UInt8(ascii: "?"), UInt8(ascii: "+"): return next == UInt8(ascii: "=") ? 2 : nil
        default: return nil
        }
    }

    /// `JOB-TOKEN:x` and `X-Api-Key:x`; without a dash and a capital it may be an image and its tag.
    private var isHeader: Bool {
        let text = bytes[name]
        if text.isText("pass") { return true }
        guard let first = text.first, text.contains(UInt8(ascii: "-")) else { return false }
        return Bytes.isUpper(first) || text.beginsWith("x-")
    }

    /// The secret value; nil when the name announces none.
    var finding: Finding? {
        let name = SecretName(bytes[self.name], as: kind)
        if isPassword { return Finding(range: value) }
        if isSignature { return Finding(range: value) }
        guard name.isSecret else { return nil }
        // What is inside is looked at by itself.
        if hasBlank || separator == 0x3a, !isQuote(start), "{[(|>".utf8.contains(bytes[start]) {
            return nil
        }
        let value = value
        guard name.hides(bytes[value]), bytes[value].last != UInt8(ascii: "(") else { return nil }
        if !isQuoted, separator == UInt8(ascii: ":") || hasBlank, !isQuote(start) {
            guard name.isSecretBeforeColon, !(name.isBare && isProse(value)) else { return nil }
        }
        return Finding(range: value, isByName: true)
    }

    private func isQuote(_ position: Int) -> Bool { Bytes.isQuote(bytes[position]) }

    private var kind: SecretName.Kind {
        guard name.lowerBound > 0, bytes[name.lowerBound - 1] == UInt8(ascii: "-") else {
            return .variable
        }
        return .option
    }

    /// `pass:x` of openssl.
    private var isPassword: Bool {
        separator == 0x3a && !isQuoted && !hasBlank && start == name.upperBound + 1
            && bytes[name].elementsEqual("pass".utf8) && !Bytes.isQuote(bytes[start])
            && !value.isEmpty
    }

    /// What signs a URL, `?sig=x&X-Amz-Signature=x`.
    private var isSignature: Bool {
        guard separator == 0x3d, name.lowerBound > 0,
            "?&".utf8.contains(bytes[name.lowerBound - 1]), !value.isEmpty
        else { return false }
        return [
            "sig", "signature", "x-amz-signature", "x-goog-signature", "x-amz-security-token",
            "key",
            "hmac", "x-oss-signature", "code",
        ].contains { bytes[name].isText($0) }
    }

    /// Whether the value is the next word of a sentence: `token: refresh it earlier`.
    private func isProse(_ value: Range<Int>) -> Bool {
        guard value.count < 20, bytes[value].allSatisfy(Bytes.isLetter) else { return false }
        let next = ValueReader.skipBlanks(from: value.upperBound, in: bytes)
        return next > value.upperBound && next < bytes.count && Bytes.isLetter(bytes[next])
    }

    private var value: Range<Int> {
        if separator == UInt8(ascii: ">") {
            let limit = min(start + 4096, bytes.count)
            let end = bytes[start..<limit].firstIndex(of: UInt8(ascii: "<")) ?? start
            return start..<(bytes[end...].starts(with: "</".utf8) ? end : start)
        }
        var first = start
        // `N'x'` and `E'x'` of SQL.
        if first + 1 < bytes.count, "NnEe".utf8.contains(bytes[first]), bytes[first + 1] == 0x27 {
            first += 1
        }
        let value = ValueReader.value(from: first, in: bytes)
        guard value.lowerBound == start, !isQuote(start) else { return value }
        var end = Self.end(of: bytes[start..<bareEnd(value)])
        // What closes something that began before the name.
        while end > start, "]}),".utf8.contains(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// Where a value without quotes ends that would go on for a shell: in a URL at `#`, and behind
    /// a colon where `printf` ends the line.
    private func bareEnd(_ value: Range<Int>) -> Int {
        if name.lowerBound > 0, "?&".utf8.contains(bytes[name.lowerBound - 1]) {
            return bytes[value].firstIndex(of: UInt8(ascii: "#")) ?? value.upperBound
        }
        guard separator == UInt8(ascii: ":") else { return value.upperBound }
        let line = bytes[value].indices.first { position in
            bytes[position] == UInt8(ascii: "\\") && position + 1 < value.upperBound
                && "nr".utf8.contains(bytes[position + 1])
        }
        return line ?? value.upperBound
    }

    /// Where a value ends in which another `name=` follows, after a blank or `;`, `,`, `&`.
    static func end(of value: ArraySlice<UInt8>) -> Int {
        var mark: Int?
        for position in value.indices {
            let byte = value[position]
            if Bytes.isBlank(byte) || byte == 0x3b || byte == 0x2c || byte == 0x26 {
                mark = position
            } else if byte == UInt8(ascii: "="), let start = mark, position - start > 2 {
                return start
            } else if let start = mark, !Bytes.isName(byte),
                position - start == 1 || !Bytes.isBlank(byte)
            {
                mark = nil
            }
        }
        // `Pwd=x;` of a connection string ends with its sign.
        return value.last == UInt8(ascii: ";") ? value.endIndex - 1 : value.endIndex
    }
}
