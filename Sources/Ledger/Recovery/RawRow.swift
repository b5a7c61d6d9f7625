/// A row of a ledger, read out of a page without anything that leads to it.
enum RawRow {
    case event(record: [UInt8], hash: [UInt8])
    case detail(salt: [UInt8], text: [UInt8])
    /// The random id that the chain begins with.
    case identity([UInt8])
}

/// Where a row lies.
struct RawCell: Hashable {
    let page: RawPages.Place
    let offset: Int
    let rowid: Int64
}

extension RawPages {
    /// No row of a ledger is longer.
    private static let longest = 2 * EventEnvelope.longest + (1 << 20)

    /// The rows of a page of a table; none for any other page.
    ///
    /// Whatever damage makes of a page, no more than what fits in it is given.
    func cells(_ place: Place, number: UInt32, _ page: [UInt8]) -> [RawCell] {
        let header = number == 1 ? 100 : 0
        // 13: a leaf of a table.
        guard page.count > header + 8, page[header] == 0x0d else { return [] }
        let count = Int(page[header + 3]) << 8 | Int(page[header + 4])
        var cells: [RawCell] = []
        for index in 0..<count {
            let at = header + 8 + 2 * index
            guard at + 1 < page.count else { break }
            let offset = Int(page[at]) << 8 | Int(page[at + 1])
            var reader = VarintReader(page, at: offset)
            guard offset > at, reader.next() != nil, let rowid = reader.next() else { continue }
            cells.append(RawCell(page: place, offset: offset, rowid: Int64(bitPattern: rowid)))
        }
        return cells
    }

    /// What a cell holds; nil when it is no row of a ledger, or not whole.
    ///
    /// - Parameter inLog: whether the rest of a long row is looked for in the log first.
    func row(_ cell: RawCell, inLog: Bool) -> RawRow? {
        guard let payload = payload(cell, inLog: inLog) else { return nil }
        var reader = VarintReader(payload, at: 0)
        guard let length = reader.next(), length <= 64, Int(length) <= payload.count else {
            return nil
        }
        var types: [Int] = []
        while reader.position < Int(length) {
            guard let type = reader.next(), type < UInt64(Self.longest) * 2 + 13 else { return nil }
            types.append(Int(type))
        }
        // The first column of all of them is the row's number, which is stored as NULL.
        guard types.count == 3, types[0] == 0 else { return nil }
        let numbers = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0]
        func size(_ type: Int) -> Int { type >= 12 ? (type - 12) / 2 : numbers[type] }
        let first = Int(length)
        let second = first + size(types[1])
        guard second + size(types[2]) == payload.count else { return nil }
        let values = (Array(payload[first..<second]), Array(payload[second...]))
        func isText(_ type: Int) -> Bool { type >= 13 && type % 2 == 1 }
        func isBlob(_ type: Int, of count: Int) -> Bool { type == 12 + 2 * count }
        if isText(types[1]), isBlob(types[2], of: 32) {
            return .event(record: values.0, hash: values.1)
        }
        if isBlob(types[1], of: 16), isText(types[2]) {
            return .detail(salt: values.0, text: values.1)
        }
        return isBlob(types[1], of: 32) && types[2] < 10 ? .identity(values.0) : nil
    }

    /// The bytes of a row, those on further pages included.
    private func payload(_ cell: RawCell, inLog: Bool) -> [UInt8]? {
        guard let page = bytes(cell.page) else { return nil }
        var reader = VarintReader(page, at: cell.offset)
        guard let length = reader.next(), length <= UInt64(Self.longest), reader.next() != nil
        else { return nil }
        let (count, start) = (Int(length), reader.position)
        // How much is kept on the page itself.
        let most = size - 35
        let least = (size - 12) * 32 / 255 - 23
        let rest = least + (count - least) % (size - 4)
        let local = count <= most ? count : rest <= most ? rest : least
        guard start + local <= page.count else { return nil }
        var payload = Array(page[start..<start + local])
        if local == count { return payload }
        guard start + local + 4 <= page.count else { return nil }
        var next = Self.number(page, start + local)
        var places: Set<UInt32> = []
        while payload.count < count {
            // Damage may lead back to where it came from.
            guard places.insert(next).inserted, let place = place(of: next, inLog: inLog),
                let page = bytes(place)
            else {
                return nil
            }
            payload += page[4..<min(page.count, 4 + count - payload.count)]
            next = Self.number(page, 0)
        }
        return payload
    }

    private static func number(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        bytes[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// Reads SQLite's integers of variable length.
private struct VarintReader {
    private let bytes: [UInt8]
    private(set) var position: Int

    init(_ bytes: [UInt8], at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    mutating func next() -> UInt64? {
        var value: UInt64 = 0
        for index in 0..<9 {
            guard position < bytes.count else { return nil }
            let byte = bytes[position]
            position += 1
            if index == 8 { return value << 8 | UInt64(byte) }
            value = value << 7 | UInt64(byte & 0x7f)
            if byte < 0x80 { return value }
        }
        return value
    }
}
