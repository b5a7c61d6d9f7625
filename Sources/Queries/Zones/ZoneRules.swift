/// How far a zone's clocks are ahead of UTC, and since when: the contents of a TZif file, or a rule
/// alone.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc9636>
struct ZoneRules: Hashable, Sendable {
    /// When clocks changed, in UTC seconds since 1970, in order.
    private let changes: [Int64]
    /// How far they were ahead of UTC from then on, in seconds.
    private let offsets: [Int]
    /// Before the first change.
    private let first: Int
    /// From the last change on; nil when they stay as they are.
    private let rule: ZoneRule?

    static let utc = ZoneRules(ZoneRule(standard: 0))

    /// The rule for all times.
    init(_ rule: ZoneRule) {
        (changes, offsets, first, self.rule) = ([], [], 0, rule)
    }

    /// The rules of a file; nil when it is not one, or counts leap seconds, which UTC here does not.
    init?(file bytes: [UInt8]) {
        var reader = BigEndianReader(bytes)
        guard var header = Header(&reader) else { return nil }
        let isWide = header.version >= 2
        if isWide {
            // The same again with times of 64 bits.
            guard reader.skip(header.size(ofTime: 4)), let second = Header(&reader) else {
                return nil
            }
            header = second
        }
        let width = isWide ? 8 : 4
        guard header.leaps == 0, header.types > 0, reader.rest >= header.size(ofTime: width),
            let changes = reader.integers(header.times, bytes: width),
            let kinds = reader.integers(header.times, bytes: 1)
        else { return nil }
        var types: [Int] = []
        for _ in 0..<header.types {
            guard let offset = reader.integer(bytes: 4), reader.skip(2) else { return nil }
            types.append(Int(offset))
        }
        guard kinds.allSatisfy({ types.indices.contains(Int($0)) }),
            zip(changes, changes.dropFirst()).allSatisfy(<),
            types.allSatisfy({ abs($0) <= 26 * 3600 }),
            reader.skip(header.names + header.marks)
        else { return nil }
        self.changes = changes
        offsets = kinds.map { types[Int($0)] }
        first = types[0]
        guard isWide, let footer = reader.line(), !footer.isEmpty else {
            rule = nil
            return
        }
        guard let rule = ZoneRule(footer) else { return nil }
        self.rule = rule
    }

    /// How many seconds the clocks are ahead of UTC.
    func offset(at second: Int64) -> Int {
        // How many changes have happened.
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= second { low = middle + 1 } else { high = middle }
        }
        if low == changes.count, let rule { return rule.offset(at: second) }
        return low == 0 ? first : offsets[low - 1]
    }

    /// What a block of the file says of itself.
    private struct Header {
        let version: UInt8
        let marks, leaps, times, types, names: Int

        init?(_ reader: inout BigEndianReader) {
            guard reader.take("TZif"), let version = reader.byte(), reader.skip(15),
                let counts = reader.integers(6, bytes: 4), counts.allSatisfy({ $0 >= 0 })
            else { return nil }
            // As characters: '2' to '4', or a zero byte for 1.
            self.version = version < 0x30 ? 1 : version - 0x30
            marks = Int(counts[0] + counts[1])
            (leaps, times) = (Int(counts[2]), Int(counts[3]))
            (types, names) = (Int(counts[4]), Int(counts[5]))
        }

        func size(ofTime width: Int) -> Int {
            times * (width + 1) + types * 6 + names + leaps * (width + 4) + marks
        }
    }
}
