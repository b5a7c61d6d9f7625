/// Lengths of time as people write them: `90`, `90s`, `5m`, `1h30m`.
public enum DurationText {
    private static let units: [Character: Int64] = [
        "d": 86_400_000_000, "h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000,
    ]

    /// Microseconds for a text; nil when it is not a length of time.
    ///
    /// No part may be over ten million. A bare number is seconds, and the seconds may have a fraction. Units come once each, the
    /// largest first.
    public static func parse(_ text: String) -> Int64? {
        var rest = Substring(text)
        var total: Int64 = 0
        var smallest = Int64.max
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            guard let value = Double(number), value <= 10_000_000 else { return nil }
            let mark = rest.popFirst()
            if mark == nil, total > 0 { return nil }
            guard let unit = units[mark ?? "s"], unit < smallest else { return nil }
            if number.contains("."), unit != units["s"] { return nil }
            smallest = unit
            total += Int64((value * Double(unit)).rounded())
        }
        return smallest == .max ? nil : total
    }

    /// A length of time for people: `0.4s`, `42s`, `5m10s`, `1h30m`, `2d3h`.
    public static func format(_ microseconds: Int64) -> String {
        let time = max(0, microseconds)
        if time < 10_000_000 {
            let tenths = (time + 50_000) / 100_000
            if tenths < 100 { return "\(tenths / 10).\(tenths % 10)s" }
        }
        let seconds = (time + 500_000) / 1_000_000
        let (days, hours) = (seconds / 86_400, seconds / 3600 % 24)
        let (minutes, rest) = (seconds / 60 % 60, seconds % 60)
        if days > 0 { return "\(days)d\(hours)h" }
        if hours > 0 { return "\(hours)h\(minutes)m" }
        if minutes > 0 { return "\(minutes)m\(rest)s" }
        return "\(rest)s"
    }
}
