/// Where the value of a pair ends.
extension Pair {
    var value: Range<Int> {
        if separator == UInt8(ascii: ">") {
            let limit = min(start + 4096, bytes.count)
            let end = bytes[start..<limit].firstIndex(of: UInt8(ascii: "<")) ?? start
            return start..<(bytes[end...].starts(with: "</".utf8) ? end : start)
        }
        var first = start
        // `N'x'` and `E'x'` of SQL.
        if first + 1 < bytes.count, "NnEe".utf8.contains(bytes[first]), bytes[first + 1] == 0x27 {
            first += 1
        }
        let value = ValueReader.value(from: first, in: bytes)
        guard value.lowerBound == start, !isQuote(start) else { return value }
        var end = Self.end(of: bytes[start..<bareEnd(value)])
        // What closes something that began before the name.
        while end > start, "]}),".utf8.contains(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// Where a value without quotes ends that would go on for a shell: in a URL at `#`, and behind
    /// a colon where `printf` ends the line.
    private func bareEnd(_ value: Range<Int>) -> Int {
        if name.lowerBound > 0, "?&".utf8.contains(bytes[name.lowerBound - 1]) {
            return bytes[value].firstIndex(of: UInt8(ascii: "#")) ?? value.upperBound
        }
        let isEscaped =
            name.lowerBound > 1 && Bytes.isQuote(bytes[name.lowerBound - 1])
            && bytes[name.lowerBound - 2] == UInt8(ascii: "\\")
        guard separator == UInt8(ascii: ":") || isEscaped else { return value.upperBound }
        let line = bytes[value].indices.first { position in
            guard bytes[position] == UInt8(ascii: "\\"), position + 1 < value.upperBound else {
                return false
            }
            let next = bytes[position + 1]
            return isEscaped ? Bytes.isQuote(next) : "nr".utf8.contains(next)
        }
        return line ?? value.upperBound
    }

    /// Where a value ends in which another `name=` follows, after a blank or `;`, `,`, `&`.
    static func end(of value: ArraySlice<UInt8>) -> Int {
        var mark: Int?
        for position in value.indices {
            let byte = value[position]
            if Bytes.isBlank(byte) || byte == 0x3b || byte == 0x2c || byte == 0x26 {
                mark = position
            } else if byte == UInt8(ascii: "="), let start = mark, position - start > 2 {
                return start
            } else if let start = mark, !Bytes.isName(byte), byte != 0x5b, byte != 0x5d,
                position - start == 1 || !Bytes.isBlank(byte)
            {
                mark = nil
            }
        }
        // `Pwd=x;` of a connection string ends with its sign.
        return value.last == UInt8(ascii: ";") ? value.endIndex - 1 : value.endIndex
    }
}
