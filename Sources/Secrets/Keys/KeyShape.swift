/// A shape that an issuer gave its keys and tokens to be known by.
struct KeyShape: Sendable {
    /// What follows the beginning.
    enum Rest {
        /// Letters, digits, `_`, `-` and `.`.
        case any
        /// The same without `-` and `.`.
        case letters
        /// Letters, digits, `+`, `/`, `=` and what separates several of them.
        case base64
        case hexadecimal
        /// Capitals and digits.
        case capitals
    }

    let start: String
    /// How long it is at least, its beginning included.
    let shortest: Int
    var longest = 8192
    var rest = Rest.any

    init(_ start: String, _ shortest: Int, _ rest: Rest = .any) {
        self.start = start
        self.shortest = shortest
        self.rest = rest
    }

    init(_ start: String, exactly length: Int, _ rest: Rest) {
        self.start = start
        shortest = length
        longest = length
        self.rest = rest
    }

    /// The end of the key that begins at `position`; nil when none of this shape does.
    func end(at position: Int, in bytes: [UInt8]) -> Int? {
        guard bytes.count - position >= shortest, bytes[position...].starts(with: start.utf8) else {
            return nil
        }
        var end = position + start.utf8.count
        var hasDigit = start.utf8.contains(where: Bytes.isDigit)
        while end < bytes.count, isPart(bytes[end]) {
            if Bytes.isDigit(bytes[end]) { hasDigit = true }
            end += 1
            // A longer word is something else.
            if end - position > longest { return nil }
        }
        // `sk-` and others begin ordinary words, too; keys have digits.
        return hasDigit && end - position >= shortest ? end : nil
    }

    private func isPart(_ byte: UInt8) -> Bool {
        switch rest {
        case .any: Bytes.isName(byte)
        case .letters: Bytes.isWord(byte)
        case .base64: Bytes.isName(byte) || "+/=,".utf8.contains(byte)
        case .hexadecimal: Bytes.isDigit(byte) || 0x61...0x66 ~= byte | 0x20
        case .capitals: Bytes.isDigit(byte) || Bytes.isUpper(byte)
        }
    }
}
