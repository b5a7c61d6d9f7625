/// A JSON object in its canonical form: one line, no spaces, keys sorted, slashes as they are.
///
/// Written by hand because the first use of a general encoder costs a process over a millisecond,
/// as much as an append to the ledger. For the same reason the loops here are plain ones: every
/// generic algorithm on a new type costs its first use some ten microseconds.
package struct JSONObject {
    private var members: [(key: String, value: [UInt8])] = []

    /// An object without members.
    package init() {}

    /// Adds a text; nothing for nil.
    ///
    /// A key is set once.
    package mutating func set(_ key: String, _ text: String?) {
        if let text { members.append((key, Self.quoted(text))) }
    }

    /// Adds a number; nothing for nil.
    package mutating func set(_ key: String, _ integer: Int64?) {
        if let integer { members.append((key, Array(String(integer).utf8))) }
    }

    /// Adds an array of texts.
    package mutating func set(_ key: String, _ texts: [String]) {
        set(key, list: texts.map(Self.quoted))
    }

    /// Adds an array of numbers; nothing for nil.
    package mutating func set(_ key: String, _ integers: [Int64]?) {
        if let integers { set(key, list: integers.map { Array(String($0).utf8) }) }
    }

    /// Adds a truth value; nothing for nil.
    package mutating func set(_ key: String, _ flag: Bool?) {
        if let flag { members.append((key, Array((flag ? "true" : "false").utf8))) }
    }

    private mutating func set(_ key: String, list values: [[UInt8]]) {
        var list = [UInt8(ascii: "[")]
        for value in values {
            if list.count > 1 { list.append(UInt8(ascii: ",")) }
            list += value
        }
        list.append(UInt8(ascii: "]"))
        members.append((key, list))
    }

    /// The object as one line, without its end.
    package var text: String {
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
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count + 2)
        append(quoted: text, to: &result)
        return result
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
}
