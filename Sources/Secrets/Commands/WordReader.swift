/// Reads one word of a shell: what is in quotes belongs to it, quotes and escapes do not.
struct WordReader {
    private let bytes: [UInt8]
    private let start: Int
    private(set) var position: Int
    private var text: [UInt8] = []
    /// Empty as long as the word stands in the source as it is.
    private var origins: [Word.Origin] = []
    /// Where no closing quote is found any more, so that it is looked for once.
    private(set) var hasNoMore: (single: Bool, double: Bool)

    init(_ bytes: [UInt8], from start: Int, _ hasNoMore: (single: Bool, double: Bool)) {
        self.bytes = bytes
        self.start = start
        self.hasNoMore = hasNoMore
        position = start
    }

    func word(_ role: Word.Role) -> Word {
        Word(text: text, role: role, source: start..<position, origins: origins)
    }

    mutating func read() {
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case _ where Bytes.isBlank(byte): return
            case _ where ";|&<>()`".utf8.contains(byte): return
            case UInt8(ascii: "\\"): readEscape(in: nil)
            case UInt8(ascii: "'"), UInt8(ascii: "\""): readQuoted(byte)
            default: append(1, quote: nil)
            }
        }
    }

    private mutating func append(_ length: Int, quote: Int?) {
        if !origins.isEmpty || quote != nil || length > 1 {
            if origins.isEmpty { startOrigins() }
            origins.append(.init(range: position..<position + length, quote: quote))
        }
        text.append(bytes[position + length - 1])
        position += length
    }

    private mutating func startOrigins() {
        origins = text.indices.map { .init(range: start + $0..<start + $0 + 1, quote: nil) }
    }

    private mutating func readEscape(in quote: Int?) {
        guard position + 1 < bytes.count else { return append(1, quote: quote) }
        append(2, quote: quote)
    }

    private mutating func readQuoted(_ quote: UInt8) {
        let isSingle = quote == UInt8(ascii: "'")
        // `it's`: no word of a shell that means something by its quotes begins like that.
        if isSingle, text.count > 1, text.allSatisfy(Bytes.isLetter) {
            return append(1, quote: nil)
        }
        let isEscaping = !isSingle || text.last == UInt8(ascii: "$")
        guard let end = close(of: quote, isEscaping: isEscaping) else {
            if isSingle { hasNoMore.single = true } else { hasNoMore.double = true }
            return append(1, quote: nil)
        }
        if isSingle, isEscaping { removeDollar() }
        if origins.isEmpty { startOrigins() }
        let opening = position
        position += 1
        while position < end {
            if isEscaping, bytes[position] == UInt8(ascii: "\\") {
                readEscape(in: opening)
            } else {
                append(1, quote: opening)
            }
        }
        position = end + 1
    }

    /// The `$` of `$'…'` is no part of the word.
    private mutating func removeDollar() {
        if origins.isEmpty { startOrigins() }
        text.removeLast()
        origins.removeLast()
    }

    private func close(of quote: UInt8, isEscaping: Bool) -> Int? {
        if quote == UInt8(ascii: "'") ? hasNoMore.single : hasNoMore.double { return nil }
        var end = position + 1
        while end < bytes.count, bytes[end] != quote {
            end += isEscaping && bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return end < bytes.count ? end : nil
    }
}
