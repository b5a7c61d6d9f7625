/// Bytes as lower-case hexadecimal text.
package enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two digits a byte.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        for byte in bytes {
            result.append(digits[Int(byte >> 4)])
            result.append(digits[Int(byte & 15)])
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Nil unless `text` is an even number of lower-case digits.
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var half: UInt8?
        for character in text {
            guard let value = digits.firstIndex(of: character).map({ UInt8($0) }) else {
                return nil
            }
            if let first = half {
                result.append(first << 4 | value)
                half = nil
            } else {
                half = value
            }
        }
        return half == nil ? result : nil
    }
}
