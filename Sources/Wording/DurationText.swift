/// Lengths of time as people read and write them.
package enum DurationText {
    /// From the largest to the smallest.
    private static let units: [(sign: Character, microseconds: Int64)] = [
        ("w", 604_800_000_000), ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000),
        ("s", 1_000_000),
    ]

    /// Ten thousand years of 365 days: more than the calendar of RFC 3339 has, and little enough
    /// that a sum with any moment cannot overflow.
    private static let longest: Int64 = 3_650_000 * 86_400_000_000

    /// Microseconds of an option's value: `90`, `90s`, `5m`, `1h30m`, `0.5s`; nil when it is no
    /// length of time.
    ///
    /// A bare number is seconds, and the seconds may have a fraction. Units come once each, the
    /// largest first.
    package static func parse(option text: String) -> Int64? {
        parse(text[...], bareSeconds: true)
    }

    /// Microseconds of an amount that is subtracted from now: `2h`, `90s`, `1h30m`, `7d`, `2w`; nil
    /// when it is none of these.
    ///
    /// Like an option's value, but every number needs its unit: a bare one could also be meant as a
    /// time.
    package static func parse(relative text: Substring) -> Int64? {
        parse(text, bareSeconds: false)
    }

    /// The same in words: `2 hours`, `1 day 3 hours`, `90 min`.
    package static func parse(words text: Substring) -> Int64? {
        let words = text.split(separator: " ")
        guard !words.isEmpty, words.count.isMultiple(of: 2) else { return nil }
        var short = ""
        for position in stride(from: 0, to: words.count, by: 2) {
            let singular =
                words[position + 1].hasSuffix("s") && words[position + 1].count > 1
                ? words[position + 1].dropLast() : words[position + 1]
            guard let sign = signs[String(singular)] else { return nil }
            short += "\(words[position])\(sign)"
        }
        return parse(relative: short[...])
    }

    private static let signs: [String: Character] = [
        "s": "s", "sec": "s", "second": "s", "m": "m", "min": "m", "minute": "m", "h": "h",
        "hr": "h", "hour": "h", "d": "d", "day": "d", "w": "w", "wk": "w", "week": "w",
    ]

    private static func parse(_ text: Substring, bareSeconds: Bool) -> Int64? {
        var scanner = Scanner(text)
        var total: Int64 = 0
        var left = units[...]
        repeat {
            guard let number = scanner.digits(1...18) else { return nil }
            var fraction: Int64 = 0
            var index = left.firstIndex { scanner.take($0.sign) }
            if index == nil, let part = scanner.fraction() {
                let isBare = bareSeconds && scanner.isAtEnd && left.count == units.count
                if isBare || scanner.take("s") { index = left.indices.last }
                fraction = part
            }
            guard let index, number <= longest / units[index].microseconds else { return nil }
            total += Int64(number) * units[index].microseconds + fraction
            left = left[(index + 1)...]
        } while !scanner.isAtEnd
        return total <= longest ? total : nil
    }

    /// Two units at most: `0s`, `250ms`, `3.2s`, `42s`, `4m12s`, `1h05m`, `2d03h`.
    ///
    /// Cut off, never rounded up, so that a value below a limit never reads as the limit.
    package static func text(microseconds: Int64) -> String {
        if microseconds < 0 {
            return "-" + text(microseconds: microseconds == .min ? .max : -microseconds)
        }
        let milliseconds = microseconds / 1000
        if microseconds == 0 { return "0s" }
        if milliseconds == 0 { return "<1ms" }
        if milliseconds < 1000 { return "\(milliseconds)ms" }
        if milliseconds < 10_000 {
            let tenths = milliseconds / 100
            return tenths % 10 == 0 ? "\(tenths / 10)s" : "\(tenths / 10).\(tenths % 10)s"
        }
        let seconds = milliseconds / 1000
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3600: return pair(seconds, 60, "m", 1, "s")
        case ..<86400: return pair(seconds, 3600, "h", 60, "m")
        default: return pair(seconds, 86400, "d", 3600, "h")
        }
    }

    private static func pair(
        _ seconds: Int64, _ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String
    ) -> String {
        let rest = seconds % large / small
        let part = rest == 0 ? "" : Digits.padded(rest, 2) + smallUnit
        return "\(seconds / large)\(largeUnit)" + part
    }
}
