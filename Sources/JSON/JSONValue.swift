import Wording

/// A JSON value that keeps the order of its keys and writes numbers exactly.
package enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number.
    case integer(Int64)
    /// A number that is not whole.
    case real(Double)
    /// A length of time, written in seconds with up to six digits after the point.
    case seconds(microseconds: Int64)
    /// A text.
    case string(String)
    /// JSON text on one line that is known to be valid, such as a record of the ledger.
    case raw(String)
    /// A list.
    case array([JSONValue])
    /// Keys with values, in that order.
    case object([(key: String, value: JSONValue)])

    /// The text of that string, or null.
    package static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// The number, or null.
    package static func optional(_ number: Int64?) -> JSONValue {
        number.map { .integer($0) } ?? .null
    }

    /// On one line, without blanks.
    package var line: String {
        var text = ""
        write(to: &text, indent: nil)
        return text
    }

    /// On many lines, two blanks for every level.
    package var indented: String {
        var text = ""
        write(to: &text, indent: 0)
        return text
    }

    private func write(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        // JSON has no word for infinity and not-a-number.
        case .real(let value): text += value.isFinite ? Self.decimal(value) : "null"
        case .seconds(let value): text += Self.seconds(value)
        case .string(let value): Self.quote(value, to: &text)
        // In JSON such characters can only be inside a string, where an escape means the same.
        case .raw(let value): value.unicodeScalars.forEach { Self.append($0, to: &text) }
        case .array(let values):
            Self.list(values, "[", "]", to: &text, indent) { value, text, indent in
                value.write(to: &text, indent: indent)
            }
        case .object(let members):
            Self.list(members, "{", "}", to: &text, indent) { member, text, indent in
                Self.quote(member.key, to: &text)
                text += indent == nil ? ":" : ": "
                member.value.write(to: &text, indent: indent)
            }
        }
    }

    private static func list<Element>(
        _ elements: [Element], _ open: String, _ close: String, to text: inout String,
        _ indent: Int?, _ element: (Element, inout String, Int?) -> Void
    ) {
        let inner = indent.map { $0 + 1 }
        text += open
        for (index, value) in elements.enumerated() {
            if index > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: "  ", count: inner) }
            element(value, &text, inner)
        }
        if let indent, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
        text += close
    }

    /// At most nine digits after the point: more would be noise of the division.
    package static func decimal(_ value: Double) -> String {
        let scaled = (abs(value) * 1e9).rounded()
        guard scaled < 9e18 else { return String(value) }
        let (whole, rest) = Int64(scaled).quotientAndRemainder(dividingBy: 1_000_000_000)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return sign + String(whole) + Digits.fraction(rest, digits: 9)
    }

    static func seconds(_ microseconds: Int64) -> String {
        let (whole, rest) = microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        return (microseconds < 0 ? "-" : "") + String(whole)
            + Digits.fraction(Int64(rest), digits: 6)
    }

    /// Control and direction characters are escaped too: a JSON line may be read on a terminal.
    private static func quote(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default: append(scalar, to: &text)
            }
        }
        text += "\""
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
        guard scalar.isDangerousOnTerminal else { return text.unicodeScalars.append(scalar) }
        for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }

    /// Whether two values are equal, the order of keys included.
    package static func == (left: JSONValue, right: JSONValue) -> Bool { left.line == right.line }

    /// Hashes what is compared.
    package func hash(into hasher: inout Hasher) { hasher.combine(line) }
}
