/// The words of a name such as `DB_PASSWORD_PROD`, `dbPassword2` or `x-api-key`, in lower case.
struct NameWords {
    let letters: [UInt8]
    private(set) var ranges: [Range<Int>] = []
    /// Whether all letters of the name are capitals.
    let isUpper: Bool

    init(_ name: ArraySlice<UInt8>) {
        letters = name.map(Bytes.lower)
        isUpper = !name.contains(where: Bytes.isLower)
        var start = 0
        let text = Array(name)
        for position in text.indices {
            let byte = text[position]
            if !Bytes.isLetter(byte) {
                add(start..<position)
                start = position + 1
            } else if position > start, Self.isHump(text, at: position) {
                add(start..<position)
                start = position
            }
        }
        add(start..<text.count)
    }

    private mutating func add(_ range: Range<Int>) {
        if !range.isEmpty { ranges.append(range) }
    }

    /// Whether another word begins with this capital: `dbPassword`, `XMLToken`.
    private static func isHump(_ text: [UInt8], at position: Int) -> Bool {
        guard Bytes.isUpper(text[position]) else { return false }
        if Bytes.isLower(text[position - 1]) { return true }
        // `APIKeys` and `IDs`: what ends a word of capitals is no word.
        return position + 1 < text.count && Bytes.isLower(text[position + 1])
            && !(position + 2 >= text.count && text[position + 1] == UInt8(ascii: "s"))
    }

    var count: Int { ranges.count }

    subscript(_ index: Int) -> ArraySlice<UInt8> { letters[ranges[index]] }

    func isWord(_ index: Int, in list: [String]) -> Bool {
        let word = self[index]
        return list.contains { word.isText($0) }
    }
}
