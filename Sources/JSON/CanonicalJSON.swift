/// Reads JSON objects that are written the one way `RecordFields` writes them: one line, no spaces,
/// keys sorted, slashes as they are.
///
/// The same fact in two spellings, a key given twice or in another order would let two readers see
/// two different events behind one hash.
package struct CanonicalJSON {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private var places: [(key: Range<Int>, value: Range<Int>)] = []

    /// Objects and arrays inside each other, the outermost one counted: reading a level takes a
    /// piece of the stack, which the input must not be able to use up.
    private static let deepest = 64

    /// The text that a canonical value stands for; nil when it is no text.
    static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count >= 2, bytes.first == UInt8(ascii: "\"") else { return nil }
        let content = bytes.dropFirst().dropLast()
        if !content.contains(UInt8(ascii: "\\")) { return String(decoding: content, as: UTF8.self) }
        var result: [UInt8] = []
        result.reserveCapacity(content.count)
        var position = content.startIndex
        while position < content.endIndex {
            var byte = bytes[position]
            if byte == UInt8(ascii: "\\") {
                position += 1
                switch bytes[position] {
                case UInt8(ascii: "b"): byte = 0x08
                case UInt8(ascii: "t"): byte = 0x09
                case UInt8(ascii: "n"): byte = 0x0a
                case UInt8(ascii: "f"): byte = 0x0c
                case UInt8(ascii: "r"): byte = 0x0d
                case UInt8(ascii: "u"):
                    byte = code(bytes[position + 3..<position + 5]) ?? 0
                    position += 4
                default: byte = bytes[position]
                }
            }
            result.append(byte)
            position += 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The whole numbers in a canonical array; nil when it is none, or has anything else.
    static func integers(_ bytes: ArraySlice<UInt8>) -> [Int64]? {
        guard bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") else { return nil }
        var numbers: [Int64] = []
        for part in bytes.dropFirst().dropLast().split(separator: UInt8(ascii: ",")) {
            guard let number = Int64(decimal: part) else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    /// The texts in a canonical array; nil when it is none, or has anything else.
    static func texts(_ bytes: ArraySlice<UInt8>) -> [String]? {
        var scanner = CanonicalJSON(bytes: Array(bytes))
        guard scanner.take(UInt8(ascii: "[")) else { return nil }
        var texts: [String] = []
        while let content = scanner.string() {
            let quoted = scanner.bytes[content.lowerBound - 1...content.upperBound]
            guard let text = text(quoted) else { return nil }
            texts.append(text)
            guard scanner.take(UInt8(ascii: ",")) else { break }
        }
        return scanner.take(UInt8(ascii: "]")) ? texts : nil
    }

    /// Writes a text with its quotes.
    static func append(quoted text: String, to result: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let backslash = UInt8(ascii: "\\")
        result.append(quote)
        for byte in text.utf8 {
            switch byte {
            case quote, backslash:
                result.append(backslash)
                result.append(byte)
            case 0x08: result += [backslash, UInt8(ascii: "b")]
            case 0x09: result += [backslash, UInt8(ascii: "t")]
            case 0x0a: result += [backslash, UInt8(ascii: "n")]
            case 0x0c: result += [backslash, UInt8(ascii: "f")]
            case 0x0d: result += [backslash, UInt8(ascii: "r")]
            case ..<0x20:
                result += Array((byte < 0x10 ? "\\u000" : "\\u00").utf8)
                result += Array(String(byte, radix: 16).utf8)
            default: result.append(byte)
            }
        }
        result.append(quote)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// Where keys, without their quotes, and values of the object lie that `bytes` hold; nil unless
    /// it is canonical.
    static func places(in bytes: [UInt8]) -> [(key: Range<Int>, value: Range<Int>)]? {
        var scanner = CanonicalJSON(bytes: bytes)
        scanner.places.reserveCapacity(32)
        guard scanner.object(isOutermost: true), scanner.position == bytes.count else { return nil }
        return scanner.places
    }

    private mutating func object(isOutermost: Bool = false) -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        if take(UInt8(ascii: "}")) { return true }
        var previous: Range<Int>?
        while let key = string() {
            if let previous, !precedes(previous, key) { return false }
            previous = key
            guard take(UInt8(ascii: ":")) else { return false }
            let start = position
            guard value() else { return false }
            if isOutermost { places.append((key, start..<position)) }
            if take(UInt8(ascii: "}")) { return true }
            guard take(UInt8(ascii: ",")) else { return false }
        }
        return false
    }

    private func precedes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        var (one, other) = (left.lowerBound, right.lowerBound)
        while one < left.upperBound, other < right.upperBound {
            if bytes[one] != bytes[other] { return bytes[one] < bytes[other] }
            one += 1
            other += 1
        }
        return left.count < right.count
    }

    private mutating func value() -> Bool {
        guard position < bytes.count else { return false }
        switch bytes[position] {
        case UInt8(ascii: "\""): return string() != nil
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            // The outermost object is none of the values.
            guard depth + 1 < Self.deepest else { return false }
            depth += 1
            defer { depth -= 1 }
            return bytes[position] == UInt8(ascii: "{") ? object() : array()
        case UInt8(ascii: "t"): return take("true")
        case UInt8(ascii: "f"): return take("false")
        case UInt8(ascii: "n"): return take("null")
        default: return integer()
        }
    }

    private mutating func array() -> Bool {
        position += 1
        if take(UInt8(ascii: "]")) { return true }
        while value() {
            if take(UInt8(ascii: "]")) { return true }
            guard take(UInt8(ascii: ",")) else { return false }
        }
        return false
    }

    private mutating func integer() -> Bool {
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        let first = position
        while position < bytes.count, 0x30...0x39 ~= bytes[position] { position += 1 }
        let count = position - first
        // One way to write each number: no zero in front, none with a sign.
        if count == 0 || bytes[first] == 0x30 && (count > 1 || isNegative) { return false }
        return count < 19 || Int64(String(decoding: bytes[start..<position], as: UTF8.self)) != nil
    }

    /// The content between the quotes.
    private mutating func string() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        var isPlain = true
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                let text = start..<position - 1
                if isPlain { return text }
                return String(validating: bytes[text], as: UTF8.self) == nil ? nil : text
            case UInt8(ascii: "\\"):
                guard escape() else { return nil }
            case ..<0x20: return nil
            case 0x80...:
                isPlain = false
                position += 1
            default: position += 1
            }
        }
        return nil
    }

    private mutating func escape() -> Bool {
        position += 1
        guard position < bytes.count else { return false }
        if "\"\\bfnrt".utf8.contains(bytes[position]) {
            position += 1
            return true
        }
        // Only what has no short form: a control character below 0x20.
        guard take("u00"), position + 2 <= bytes.count,
            let code = Self.code(bytes[position..<position + 2])
        else { return false }
        position += 2
        return code < 0x20 && ![0x08, 0x09, 0x0a, 0x0c, 0x0d].contains(code)
    }

    /// What two lower-case hexadecimal digits stand for.
    private static func code(_ digits: ArraySlice<UInt8>) -> UInt8? {
        for digit in digits {
            guard (0x30...0x39).contains(digit) || (0x61...0x66).contains(digit) else {
                return nil
            }
        }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func take(_ text: String) -> Bool {
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }
}
