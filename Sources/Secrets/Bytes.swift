/// What kind of letter a byte is; only ASCII matters in names of variables, options and programs.
enum Bytes {
    static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }

    static func isLower(_ byte: UInt8) -> Bool { 0x61...0x7a ~= byte }

    static func isUpper(_ byte: UInt8) -> Bool { 0x41...0x5a ~= byte }

    static func isLetter(_ byte: UInt8) -> Bool { isLower(byte | 0x20) }

    /// Letters, digits and `_`.
    static func isWord(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
    }

    /// What names of variables, options, headers and keys consist of.
    static func isName(_ byte: UInt8) -> Bool {
        isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }

    static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    static func lower(_ byte: UInt8) -> UInt8 { isUpper(byte) ? byte | 0x20 : byte }
}

extension Collection<UInt8> {
    /// Whether it is this text of lower-case letters, upper and lower case being the same.
    func isText(_ text: String) -> Bool {
        count == text.utf8.count && beginsWith(text)
    }

    /// Whether it begins with this text of lower-case letters, upper and lower case being the same.
    func beginsWith(_ text: String) -> Bool {
        var position = startIndex
        for wanted in text.utf8 {
            guard position < endIndex, Bytes.lower(self[position]) == wanted else { return false }
            formIndex(after: &position)
        }
        return true
    }
}

extension BidirectionalCollection<UInt8> {
    /// Whether it ends with this text of lower-case letters, upper and lower case being the same.
    func endsWith(_ text: String) -> Bool {
        var position = endIndex
        for wanted in text.utf8.reversed() {
            guard position > startIndex else { return false }
            formIndex(before: &position)
            if Bytes.lower(self[position]) != wanted { return false }
        }
        return true
    }
}
