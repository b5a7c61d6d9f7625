/// Reads a short text from left to right.
package struct Scanner {
    private var rest: Substring

    /// Starts at the beginning of `text`.
    package init(_ text: Substring) {
        rest = text
    }

    /// Whether nothing comes any more.
    package var isAtEnd: Bool { rest.isEmpty }

    /// Goes past `character` if it comes next.
    package mutating func take(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    /// Whether `character` comes next.
    package func isNext(_ character: Character) -> Bool { rest.first == character }

    /// Goes past the characters that come next and are meant; says how many.
    package mutating func skip(while isMeant: (Character) -> Bool) -> Int {
        let part = rest.prefix(while: isMeant)
        rest = rest[part.endIndex...]
        return part.count
    }

    /// The number that comes next, if it has as many digits as allowed.
    package mutating func digits(_ count: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix { "0" <= $0 && $0 <= "9" }
        guard count.contains(digits.count), let number = Int(digits) else { return nil }
        rest = rest.dropFirst(digits.count)
        return number
    }

    /// Microseconds of a fraction of a second; 0 when none comes, nil when it is malformed.
    package mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        let digits = rest.prefix { "0" <= $0 && $0 <= "9" }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        // Finer than a microsecond is cut off.
        return Int64((String(digits) + "00000").prefix(6))
    }

    /// Seconds ahead of UTC: `Z`, `+02:00` or `-0330`; a space may come before it.
    package mutating func offset() -> Int? {
        _ = take(" ")
        if take("Z") || take("z") { return 0 }
        let negative = take("-")
        guard negative || take("+"), let hours = digits2() else { return nil }
        _ = take(":")
        guard let minutes = digits2(), hours < 24, minutes < 60 else { return nil }
        return (hours * 60 + minutes) * (negative ? -60 : 60)
    }

    private mutating func digits2() -> Int? {
        let digits = rest.prefix(2)
        guard digits.count == 2, digits.allSatisfy({ "0" <= $0 && $0 <= "9" }) else { return nil }
        rest = rest.dropFirst(2)
        return Int(digits)
    }
}
