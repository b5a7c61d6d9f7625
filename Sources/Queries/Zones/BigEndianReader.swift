/// Reads numbers of a file, the highest byte first; nil past its end.
struct BigEndianReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// How many bytes are left.
    var rest: Int { bytes.count - place }

    mutating func skip(_ count: Int) -> Bool {
        guard count <= rest else { return false }
        place += count
        return true
    }

    mutating func take(_ text: String) -> Bool {
        bytes[place...].starts(with: text.utf8) && skip(text.utf8.count)
    }

    mutating func byte() -> UInt8? {
        guard rest > 0 else { return nil }
        defer { place += 1 }
        return bytes[place]
    }

    /// A signed number; of a single byte an unsigned one.
    mutating func integer(bytes width: Int) -> Int64? {
        guard width <= rest else { return nil }
        var value: UInt64 = 0
        for _ in 0..<width {
            value = value << 8 | UInt64(bytes[place])
            place += 1
        }
        switch width {
        case 4: return Int64(Int32(truncatingIfNeeded: value))
        default: return Int64(truncatingIfNeeded: value)
        }
    }

    mutating func integers(_ count: Int, bytes width: Int) -> [Int64]? {
        guard count >= 0, count <= rest / width else { return nil }
        return (0..<count).compactMap { _ in integer(bytes: width) }
    }

    /// The text between two line ends; nil when there is none.
    mutating func line() -> String? {
        guard take("\n"), let end = bytes[place...].firstIndex(of: 0x0A) else { return nil }
        defer { place = end + 1 }
        return String(decoding: bytes[place..<end], as: UTF8.self)
    }
}
