/// Bytes as lower-case hexadecimal text.
package enum Hexadecimal {
    /// Two digits a byte.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(2 * bytes.underestimatedCount)
        for byte in bytes {
            result.append(digit(byte >> 4))
            result.append(digit(byte & 15))
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Nil unless `text` is an even number of lower-case digits.
    package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.underestimatedCount / 2)
        var half: UInt8?
        for character in text {
            guard let value = value(of: character) else { return nil }
            if let first = half {
                result.append(first << 4 | value)
                half = nil
            } else {
                half = value
            }
        }
        return half == nil ? result : nil
    }

    /// The digit of a value below 16.
    static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// What a lower-case digit stands for; nil for anything else.
    static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
