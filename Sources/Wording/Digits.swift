/// Numbers in fixed places.
package enum Digits {
    /// A number with leading zeros.
    package static func padded(_ number: some BinaryInteger, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// `.` and the digits of `value` / 10^digits without trailing zeros; empty for 0.
    package static func fraction(_ value: Int64, digits: Int) -> String {
        var text = Substring(padded(value, digits))
        while text.last == "0" { text.removeLast() }
        return text.isEmpty ? "" : "." + text
    }
}
