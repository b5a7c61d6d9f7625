/// A name and its value: `NAME=x`, `name = "x"`, `name: x`, `"name": "x"`, `name => x`,
/// `user[name]=x`, `<name>x</name>`.
struct Pair {
    let bytes: [UInt8]
    let name: Range<Int>
    let separator: UInt8
    /// Where the value begins, its quote included.
    let start: Int
    private let isQuoted: Bool
    private let hasBlank: Bool

    /// nil when nothing that belongs to the name follows it.
    init?(_ bytes: [UInt8], _ name: Range<Int>) {
        // `"$token" = "x"` asks and sets nothing.
        if name.lowerBound > 0, bytes[name.lowerBound - 1] == UInt8(ascii: "$") { return nil }
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
        guard let first = text.first else { return false }
        // `DB_PASSWORD:x`, but not `DB_PASSWORD:latest`, a secret and its version.
        if text.contains(UInt8(ascii: "_")), !text.contains(where: Bytes.isLower) {
            return !bytes[start...].beginsWith("latest") && !Bytes.isDigit(bytes[start])
        }
        guard text.contains(UInt8(ascii: "-")) else { return false }
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
        if hasBlank, !isQuote(start), isCall(value) { return nil }
        guard let secret = name.secret(in: bytes[value]), bytes[value].last != UInt8(ascii: "(")
        else { return nil }
        if !isQuoted, separator == UInt8(ascii: ":") || hasBlank, !isQuote(start) {
            guard name.isSecretBeforeColon, !(name.isBare && isProse(value)) else { return nil }
        }
        return Finding(range: secret, isByName: true)
    }

    /// Whether the value is the name of a secret, which stands in the pair that follows:
    /// `{"name": "DB_PASSWORD", "value": "x"}`, `ParameterKey=DbPassword,ParameterValue=x`.
    var namesSecret: Bool {
        let isName = ["name", "key", "parameterkey", "variable_key"].contains {
            bytes[name].isText($0)
        }
        return isName && SecretName(bytes[value], as: .variable).isSecret
    }

    /// The value of a pair after one that names a secret.
    var namedValue: Finding? {
        let isValue = ["value", "parametervalue", "secret_value"].contains {
            bytes[name].isText($0)
        }
        guard isValue, !value.isEmpty, !PlainValue.isPlain(bytes[value]) else { return nil }
        return Finding(range: value, isByName: true)
    }

    /// `token = read_token(file)` of a program.
    private func isCall(_ value: Range<Int>) -> Bool {
        let function = bytes[value].prefix(while: Bytes.isName)
        return function.endIndex < value.upperBound && !function.isEmpty
            && bytes[function.endIndex] == UInt8(ascii: "(")
    }

    func isQuote(_ position: Int) -> Bool { Bytes.isQuote(bytes[position]) }

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
            "key", "hmac", "x-oss-signature", "code",
        ].contains { bytes[name].isText($0) }
    }

    /// Whether the value is the next word of a sentence: `token: refresh it earlier`.
    private func isProse(_ value: Range<Int>) -> Bool {
        guard value.count < 20, bytes[value].allSatisfy(Bytes.isLetter) else { return false }
        let next = ValueReader.skipBlanks(from: value.upperBound, in: bytes)
        return next > value.upperBound && next < bytes.count && Bytes.isLetter(bytes[next])
    }
}
