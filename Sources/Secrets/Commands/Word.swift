/// One word of a command, as the program gets it, and where it stands in the text it is from.
struct Word {
    /// What the word is to the command.
    enum Role {
        case argument
        /// Given to the standard input, `<<< word`.
        case input
        /// A file after `<` or `>`.
        case file
    }

    /// Where a byte of the word comes from.
    struct Origin {
        let range: Range<Int>
        /// The position of the quote that it stands in; nil outside of quotes.
        let quote: Int?
    }

    /// Without quotes and escapes.
    let text: [UInt8]
    let role: Role
    private let source: Range<Int>
    /// For each byte of the text; empty when the word stands in the source as it is.
    private let origins: [Origin]

    /// An argument of its own.
    init(_ text: some Sequence<UInt8>) {
        self.text = Array(text)
        role = .argument
        source = 0..<self.text.count
        origins = []
    }

    /// A word of a script.
    init(text: [UInt8], role: Role, source: Range<Int>, origins: [Origin]) {
        self.text = text
        self.role = role
        self.source = source
        self.origins = origins
    }

    /// Whether the text is not what stands in the source.
    var isQuoted: Bool { !origins.isEmpty }

    /// What of the source stands for a part of the text: what is between two quotes, or all of
    /// what is put together from several.
    func source(of part: Range<Int>) -> Range<Int> {
        guard !origins.isEmpty else {
            return source.lowerBound + part.lowerBound..<source.lowerBound + part.upperBound
        }
        guard !part.isEmpty else { return source.lowerBound..<source.lowerBound }
        let first = origins[part.lowerBound]
        let last = origins[part.upperBound - 1]
        if first.quote == last.quote, isOnePiece(part) {
            return first.range.lowerBound..<last.range.upperBound
        }
        let opensBefore = part.lowerBound > 0 && origins[part.lowerBound - 1].quote == first.quote
        let start = opensBefore ? first.range.lowerBound : first.quote ?? first.range.lowerBound
        guard part.upperBound < text.count else { return start..<source.upperBound }
        let next = origins[part.upperBound]
        let end =
            next.quote == last.quote ? last.range.upperBound : next.quote ?? next.range.lowerBound
        return start..<max(start, end)
    }

    private func isOnePiece(_ part: Range<Int>) -> Bool {
        let quote = origins[part.lowerBound].quote
        guard origins[part].allSatisfy({ $0.quote == quote }) else { return false }
        // `"a"b` and `a""` are words whose quotes are not around all of the value.
        guard quote != nil, part.upperBound == text.count else { return true }
        return origins[part.upperBound - 1].range.upperBound == source.upperBound - 1
    }
}
