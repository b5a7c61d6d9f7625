package import JSON
import Wording

/// One value of a report, with the meaning that decides how it is written.
package enum Cell: Hashable, Sendable {
    /// Nothing is known, or nothing applies.
    case none
    /// A text from outside; every format escapes it.
    case text(String)
    /// A command with its arguments.
    case words([String])
    /// A whole number.
    case integer(Int64)
    /// A number that is not whole.
    case real(Double)
    /// A part of a whole, between 0 and 1.
    case ratio(Double)
    /// A moment.
    case time(Instant)
    /// A length of time in microseconds.
    case duration(Int64)

    /// The value as JSON: base units, times as RFC 3339 in UTC.
    package var json: JSONValue {
        switch self {
        case .none: .null
        case .text(let text): .string(text)
        case .words(let words): .string(ShellText.quoted(words))
        case .integer(let number): .integer(number)
        case .real(let number), .ratio(let number): .real(number)
        case .time(let instant): .string(instant.rfc3339)
        case .duration(let microseconds): .seconds(microseconds: microseconds)
        }
    }

    /// The members it adds to a JSON object: none for nothing, and for a command beside the text
    /// `argv`, its words one by one, so that programs need not read the shell's language.
    package func members(_ key: String) -> [(key: String, value: JSONValue)] {
        switch self {
        case .none: []
        case .words(let words): [(key, json), ("argv", .array(words.map { .string($0) }))]
        default: [(key, json)]
        }
    }

    /// The value for people, not yet escaped.
    package func text(in zone: Zone) -> String {
        switch self {
        case .none: "-"
        case .text(let text): text.isEmpty ? "\"\"" : text
        case .words(let words): ShellText.quoted(words)
        case .integer(let number): String(number)
        case .real(let number): Self.rounded(number)
        case .ratio(let ratio): abs(ratio) < 1e9 ? PercentText.text(ratio) : Self.rounded(ratio)
        case .time(let instant): zone.shortText(instant)
        case .duration(let microseconds): DurationText.text(microseconds: microseconds)
        }
    }

    /// Two digits behind the point, or three that count: more say nothing to people.
    private static func rounded(_ number: Double) -> String {
        guard number.isFinite, number != 0, abs(number) < 1e15 else {
            return JSONValue.decimal(number)
        }
        var (scale, rest) = (100.0, abs(number))
        while rest < 1, scale < 1e9 { (scale, rest) = (scale * 10, rest * 10) }
        return JSONValue.decimal((number * scale).rounded() / scale)
    }

    /// Numbers and lengths of time are easier to compare when their ends are below each other.
    package var isNumber: Bool {
        switch self {
        case .integer, .real, .ratio, .duration: true
        default: false
        }
    }
}
