/// Finds what looks like a secret in a text whose words mean nothing by their order.
///
/// These are names with values, headers, statements, URLs and keys; one pass from left to right.
struct TextScanner {
    let bytes: [UInt8]
    private(set) var found: [Finding] = []
    /// Up to where names have been looked at.
    private var endOfName = 0
    /// Up to where the value of a secret may stand whose name has been read.
    private var endOfRecord = 0
    private var urls: AddressReader

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        urls = AddressReader(bytes)
    }

    mutating func scan() {
        var position = 0
        while position < bytes.count {
            if let finding = finding(at: position) {
                add(finding)
                position = max(finding.range.upperBound, position + 1)
            } else {
                position += 1
            }
        }
    }

    private mutating func add(_ finding: Finding) {
        // Hiding twice hides nothing more: what is masked already stays as it is.
        let range = finding.range
        if range.isEmpty || bytes[range].elementsEqual(Mask.bytes) { return }
        found.append(finding)
    }

    /// The secret that is announced by, or starts with, what stands at `position`.
    private mutating func finding(at position: Int) -> Finding? {
        let byte = bytes[position]
        if byte == UInt8(ascii: ":") { return urls.secret(at: position).map { Finding(range: $0) } }
        guard position == 0 || !Bytes.isWord(bytes[position - 1]) else { return nil }
        if byte == UInt8(ascii: "-") { return privateKey(at: position) }
        guard Bytes.isWord(byte) else { return nil }
        let isInside = position < endOfName
        if !isInside { readName(at: position) }
        if let end = KnownKey.end(at: position, wordEnd: endOfName, in: bytes) {
            return Finding(range: position..<end)
        }
        return isInside ? nil : named(at: position)
    }

    private mutating func readName(at position: Int) {
        let limit = min(position + 8192, bytes.count)
        endOfName = bytes[position..<limit].firstIndex { !Bytes.isName($0) } ?? limit
    }

    /// What the name at `position` announces.
    private mutating func named(at position: Int) -> Finding? {
        let end = endOfName
        let name = position..<end
        if OwnPatterns.current.hasWord(bytes[name]) { return Finding(range: name) }
        guard end - position <= 128, end < bytes.count else { return nil }
        if let range = urls.driverPassword(after: name) { return Finding(range: range) }
        let header = HeaderReader(bytes)
        if let range = header.secret(after: name) { return Finding(range: range) }
        if let range = StatementReader(bytes).secret(after: name) { return Finding(range: range) }
        guard let pair = Pair(bytes, name) else { return nil }
        if position < endOfRecord, let finding = pair.namedValue {
            endOfRecord = 0
            return finding
        }
        if let finding = pair.finding { return finding }
        if pair.namesSecret { endOfRecord = end + 256 }
        return nil
    }

    /// All of a PEM block that holds a private key, its frame excepted.
    private func privateKey(at position: Int) -> Finding? {
        guard bytes[position...].starts(with: "-----BEGIN ".utf8) else { return nil }
        let title = bytes[(position + 11)...].prefix(48)
        guard let dashes = Self.find("-----", in: title),
            Self.find("PRIVATE KEY", in: title[..<dashes]) != nil
        else { return nil }
        let start = dashes + 5
        let end = Self.find("-----", in: bytes[start...]) ?? bytes.count
        return start < end ? Finding(range: start..<end) : nil
    }

    private static func find(_ text: String, in bytes: ArraySlice<UInt8>) -> Int? {
        bytes.indices.first { bytes[$0...].starts(with: text.utf8) }
    }
}
