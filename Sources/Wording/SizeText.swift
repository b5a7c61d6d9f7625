/// Amounts of storage as people read and write them.
package enum SizeText {
    /// From the largest to the smallest, in steps of 1024.
    private static let units: [(sign: Character, bytes: Int)] = [
        ("T", 1 << 40), ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10),
    ]

    /// Bytes of an option's value: `64M`, `1G`, `1.5G`, `512K`, `4096`; nil when it is no amount.
    ///
    /// A bare number is bytes; `MB` and `MiB` are the same as `M`, in either case of letters.
    package static func parse(_ text: String) -> Int? {
        var rest = text.uppercased()[...]
        for suffix in ["IB", "B"] where rest.hasSuffix(suffix) {
            rest.removeLast(suffix.count)
            break
        }
        let unit = units.first { rest.last == $0.sign }
        if unit != nil { rest.removeLast() }
        let parts = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = number(parts[0]), parts.count == 1 || unit != nil else { return nil }
        let size = unit?.bytes ?? 1
        guard whole <= longest / size else { return nil }
        guard parts.count == 2 else { return whole * size }
        guard parts[1].utf8.count <= 6, let part = number(parts[1]) else { return nil }
        let scale = parts[1].utf8.reduce(1) { scale, _ in scale * 10 }
        return whole * size + size / scale * part + size % scale * part / scale
    }

    /// More than any file system has.
    private static let longest = 1 << 60

    private static func number(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(digits)
    }

    /// One unit and at most one place behind the point: `0 bytes`, `812 bytes`, `4.5 KiB`, `64 MiB`.
    package static func text(bytes: Int) -> String {
        guard let unit = units.first(where: { bytes >= $0.bytes }) else {
            return bytes == 1 ? "1 byte" : "\(bytes) bytes"
        }
        let whole = bytes / unit.bytes
        let tenth = whole < 100 ? bytes % unit.bytes * 10 / unit.bytes : 0
        return "\(whole)\(tenth == 0 ? "" : ".\(tenth)") \(unit.sign)iB"
    }
}
