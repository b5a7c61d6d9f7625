/// One value as SQLite stores it.
package enum Value: Hashable, Sendable {
    /// SQL NULL.
    case null
    /// A 64-bit integer.
    case integer(Int64)
    /// A double.
    case real(Double)
    /// Text in UTF-8.
    case text(String)
    /// Bytes.
    case blob([UInt8])

    /// The integer; nil for every other kind of value.
    package var integer: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The number, whether it is stored as an integer or as a double.
    package var real: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        default: nil
        }
    }

    /// The text; nil for every other kind of value.
    package var text: String? {
        if case .text(let value) = self { value } else { nil }
    }

    /// The bytes; nil for every other kind of value.
    package var blob: [UInt8]? {
        if case .blob(let value) = self { value } else { nil }
    }

    /// NULL for nil, the text otherwise.
    package init(_ text: String?) { self = text.map { .text($0) } ?? .null }

    /// NULL for nil, the integer otherwise.
    package init(_ integer: (some BinaryInteger)?) {
        self = integer.map { .integer(Int64($0)) } ?? .null
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByNilLiteral
{
    /// A text.
    package init(stringLiteral value: String) { self = .text(value) }
    /// An integer.
    package init(integerLiteral value: Int64) { self = .integer(value) }
    /// A double.
    package init(floatLiteral value: Double) { self = .real(value) }
    /// NULL.
    package init(nilLiteral: ()) { self = .null }
}
