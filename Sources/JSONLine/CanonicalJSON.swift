/// Reads JSON objects that are written the one way `JSONObject` writes them.
///
/// The same fact in two spellings, a key given twice or in another order would let two readers see
/// two different events behind one hash.
public struct CanonicalJSON {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// Objects and arrays inside each other, the outermost one counted: reading a level takes a
    /// piece of the stack, which the input must not be able to use up.
    private static let deepest = 64

    /// The members of the object `bytes` hold, as their raw text; nil unless it is canonical and
    /// at most 64 levels deep.
    public static func members(of bytes: [UInt8]) -> [String: String]? {
        var scanner = CanonicalJSON(bytes: bytes)
        guard let members = scanner.object(), scanner.position == bytes.count else { return nil }
        return members.mapValues { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// The text that the raw text of a member stands for; nil when the member is no text.
    public static func text(_ raw: String) -> String? {
        let bytes = Array(raw.utf8)
        guard bytes.count >= 2, bytes[0] == UInt8(ascii: "\"") else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 1
        while position < bytes.count - 1 {
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

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func object() -> [String: Range<Int>]? {
        guard take(UInt8(ascii: "{")) else { return nil }
        var members: [String: Range<Int>] = [:]
        if take(UInt8(ascii: "}")) { return members }
        var previous: ArraySlice<UInt8>?
        while let key = string() {
            if let previous, !previous.lexicographicallyPrecedes(bytes[key]) { return nil }
            previous = bytes[key]
            guard take(UInt8(ascii: ":")) else { return nil }
            let start = position
            guard value() else { return nil }
            members[String(decoding: bytes[key], as: UTF8.self)] = start..<position
            if take(UInt8(ascii: "}")) { return members }
            guard take(UInt8(ascii: ",")) else { return nil }
        }
        return nil
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
            return bytes[position] == UInt8(ascii: "{") ? object() != nil : array()
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
        _ = take(UInt8(ascii: "-"))
        while position < bytes.count, 0x30...0x39 ~= bytes[position] { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        return Int64(text).map { String($0) } == text
    }

    /// The content between the quotes.
    private mutating func string() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                let text = start..<position - 1
                return String(validating: bytes[text], as: UTF8.self) == nil ? nil : text
            case UInt8(ascii: "\\"):
                guard escape() else { return nil }
            case ..<0x20: return nil
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
