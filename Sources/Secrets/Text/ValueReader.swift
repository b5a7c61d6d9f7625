/// Reads the value that stands behind a name.
enum ValueReader {
    /// What ends a value without quotes.
    private static let ends = Array(" \t\r\n\"'`;|&<>".utf8)

    /// What is between quotes, else up to a blank or what ends a word in a shell or URL.
    static func value(from start: Int, in bytes: [UInt8]) -> Range<Int> {
        guard start < bytes.count else { return bytes.count..<bytes.count }
        // Quotes that are themselves inside quotes: `\"x\"`.
        if bytes[start] == UInt8(ascii: "\\"), start + 1 < bytes.count,
            Bytes.isQuote(bytes[start + 1])
        {
            return start + 2..<escapedEnd(of: bytes[start + 1], from: start + 2, in: bytes)
        }
        guard Bytes.isQuote(bytes[start]) else { return start..<wordEnd(from: start, in: bytes) }
        let quote = bytes[start]
        let end = unescaped(from: start + 1, in: bytes) { $0 == quote }
        // `"a"b` is one word of a shell.
        guard end + 1 < bytes.count, !"]}),:\\".utf8.contains(bytes[end + 1]) else {
            return start + 1..<end
        }
        let rest = wordEnd(from: end + 1, in: bytes)
        return rest == end + 1 ? start + 1..<end : start..<rest
    }

    static func wordEnd(from start: Int, in bytes: [UInt8]) -> Int {
        unescaped(from: start, in: bytes) { ends.contains($0) }
    }

    static func skipBlanks(from start: Int, in bytes: [UInt8]) -> Int {
        guard start < bytes.count else { return bytes.count }
        return bytes[start...].firstIndex { $0 != 0x20 && $0 != 0x09 } ?? bytes.count
    }

    private static func escapedEnd(of quote: UInt8, from start: Int, in bytes: [UInt8]) -> Int {
        var end = start
        while end + 1 < bytes.count, bytes[end] != UInt8(ascii: "\\") || bytes[end + 1] != quote {
            end += 1
        }
        return end + 1 < bytes.count ? end : bytes.count
    }

    private static func unescaped(
        from start: Int, in bytes: [UInt8], _ isEnd: (UInt8) -> Bool
    ) -> Int {
        var end = start
        while end < bytes.count, !isEnd(bytes[end]) {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(end, bytes.count)
    }
}
