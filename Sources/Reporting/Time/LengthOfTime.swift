/// Lengths of time as people read and write them.
public enum LengthOfTime {
    private static let units: [Character: Int64] = [
        "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000,
        "w": 604_800_000_000,
    ]

    /// Microseconds of `2h`, `90s`, `1h30m`, `7d`, `2w`; nil when it is none of these.
    ///
    /// Every number needs its unit here: a bare number could also be meant as a time.
    static func parse(_ text: Substring) -> Int64? {
        var rest = text
        var total: Int64 = 0
        repeat {
            let digits = rest.prefix { "0" <= $0 && $0 <= "9" }
            rest = rest.dropFirst(digits.count)
            guard let number = Int64(digits), let unit = rest.popFirst().flatMap({ units[$0] })
            else { return nil }
            let (product, tooLarge) = number.multipliedReportingOverflow(by: unit)
            let (sum, overflow) = total.addingReportingOverflow(product)
            guard !tooLarge, !overflow else { return nil }
            total = sum
        } while !rest.isEmpty
        return total
    }

    /// Two units at most: `0s`, `250ms`, `3.2s`, `42s`, `4m12s`, `1h05m`, `2d03h`.
    ///
    /// Cut off, never rounded up, so that a value below a limit never reads as the limit.
    public static func text(microseconds: Int64) -> String {
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
        return "\(seconds / large)\(largeUnit)" + (rest == 0 ? "" : padded(rest, 2) + smallUnit)
    }
}
