internal import FoundationEssentials

/// The one way text becomes values.
enum JSON {
    static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}

/// The one way values become text: one line, no spaces, keys sorted, slashes as they are.
///
/// Written by hand because the first use of a general encoder costs a process over a millisecond,
/// as much as an append. For the same reason the loops here and in what masks are plain ones: every
/// generic algorithm on a new type costs its first use some ten microseconds.
struct JSONObject {
    private var members: [(key: String, value: [UInt8])] = []

    mutating func set(_ key: String, _ text: String?) {
        if let text { members.append((key, Self.quoted(text))) }
    }

    mutating func set(_ key: String, _ integer: Int64?) {
        if let integer { members.append((key, Array(String(integer).utf8))) }
    }

    mutating func set(_ key: String, _ texts: [String]) {
        var list = [UInt8(ascii: "[")]
        for text in texts {
            if list.count > 1 { list.append(UInt8(ascii: ",")) }
            list += Self.quoted(text)
        }
        list.append(UInt8(ascii: "]"))
        members.append((key, list))
    }

    var text: String {
        var result = [UInt8(ascii: "{")]
        for member in members.sorted(by: { $0.key < $1.key }) {
            if result.count > 1 { result.append(UInt8(ascii: ",")) }
            result += Self.quoted(member.key)
            result.append(UInt8(ascii: ":"))
            result += member.value
        }
        result.append(UInt8(ascii: "}"))
        return String(decoding: result, as: UTF8.self)
    }

    private static func quoted(_ text: String) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        let backslash = UInt8(ascii: "\\")
        var result = [quote]
        result.reserveCapacity(text.utf8.count + 2)
        for byte in text.utf8 {
            switch byte {
            case quote, backslash: result += [backslash, byte]
            case 0x08: result += [backslash, UInt8(ascii: "b")]
            case 0x09: result += [backslash, UInt8(ascii: "t")]
            case 0x0a: result += [backslash, UInt8(ascii: "n")]
            case 0x0c: result += [backslash, UInt8(ascii: "f")]
            case 0x0d: result += [backslash, UInt8(ascii: "r")]
            case ..<0x20: result += Array("\\u00\(Hexadecimal.encode([byte]))".utf8)
            default: result.append(byte)
            }
        }
        result.append(quote)
        return result
    }
}
