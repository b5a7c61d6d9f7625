/// Checks that a record is written the one way records are written.
///
/// The same fact in two spellings, a key given twice or in another order would let two readers see
/// two different events behind one hash.
struct CanonicalJSON {
    private let bytes: [UInt8]
    private var position = 0

    /// The members of the object `bytes` hold, as their raw text; nil unless it is canonical.
    static func members(of bytes: [UInt8]) -> [String: String]? {
        var scanner = CanonicalJSON(bytes: bytes)
        guard let members = scanner.object(), scanner.position == bytes.count else { return nil }
        return members.mapValues { String(decoding: bytes[$0], as: UTF8.self) }
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
        case UInt8(ascii: "{"): return object() != nil
        case UInt8(ascii: "["): return array()
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
            let code = Hexadecimal.decode(bytes[position..<position + 2])?.first
        else { return false }
        position += 2
        return code < 0x20 && ![0x08, 0x09, 0x0a, 0x0c, 0x0d].contains(code)
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
