import Synchronization

/// What a team hides besides, `DEPLOY_MASK`.
///
/// Patterns are divided by blanks or commas; `*` stands for any letters, upper and lower case are
/// the same, and in names `_`, `-` and `.` are. `ACME_*=` hides the values of variables, options, headers and keys with such a name,
/// `acme-*` hides words of that shape.
package struct OwnPatterns: Sendable {
    /// A pattern that cannot be used.
    package struct Flaw: Sendable, CustomStringConvertible {
        /// The pattern.
        package let pattern: String
        let why: String

        /// What is wrong with the pattern, and what to do.
        package var description: String { "'\(pattern)' \(why)" }
    }

    private var names: [[UInt8]] = []
    private var words: [[UInt8]] = []
    private let text: String

    private static let shared = Mutex(OwnPatterns(text: ""))

    /// The patterns in force.
    static var current: OwnPatterns { shared.withLock { $0 } }

    /// Puts patterns into force, before the first text is masked.
    ///
    /// - Returns: the patterns that cannot be used, once; the others are in force all the same.
    package static func use(_ text: String) -> [Flaw] {
        if current.text == text { return [] }
        var patterns = OwnPatterns(text: text)
        let flaws = patterns.parse()
        shared.withLock { $0 = patterns }
        return flaws
    }

    private init(text: String) { self.text = text }

    private mutating func parse() -> [Flaw] {
        var flaws: [Flaw] = []
        for part in text.utf8.split(whereSeparator: { Bytes.isBlank($0) || $0 == 0x2c }) {
            let pattern = part.map(Bytes.lower)
            if let why = Self.flaw(of: pattern) {
                flaws.append(Flaw(pattern: String(Substring(part)), why: why))
            } else if pattern.last == UInt8(ascii: "=") {
                names.append(pattern.dropLast().map(Self.plain))
            } else {
                words.append(pattern)
            }
        }
        return flaws
    }

    private static func flaw(of pattern: [UInt8]) -> String? {
        let isName = pattern.last == UInt8(ascii: "=")
        let letters = isName ? pattern.dropLast() : pattern[...]
        guard letters.allSatisfy({ Bytes.isName($0) || $0 == UInt8(ascii: "*") }) else {
            return "has a sign in it that is not allowed; use letters, digits, '-', '_', '.' and "
                + "'*', and '=' at the end of a name"
        }
        // Whatever hides all would hide which deployment it was.
        guard letters.count(where: Bytes.isName) >= 3 else {
            return "would hide too much; use at least 3 letters or digits besides '*'"
        }
        return letters.count > 128 ? "is too long; use at most 128 letters" : nil
    }

    func hasName(_ name: ArraySlice<UInt8>) -> Bool {
        if names.isEmpty { return false }
        let plain = name.map(Self.plain)
        return names.contains { Self.matches(plain[...], $0) }
    }

    private static func plain(_ byte: UInt8) -> UInt8 {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") ? UInt8(ascii: "_") : byte
    }

    func hasWord(_ word: ArraySlice<UInt8>) -> Bool {
        !words.isEmpty && words.contains { Self.matches(word, $0) }
    }

    /// Whether all of a word is as the pattern says.
    private static func matches(_ word: ArraySlice<UInt8>, _ pattern: [UInt8]) -> Bool {
        var position = word.startIndex
        var next = 0
        var star: (next: Int, position: Int)?
        while position < word.endIndex {
            if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
                star = (next, position)
                next += 1
            } else if next < pattern.count, pattern[next] == Bytes.lower(word[position]) {
                next += 1
                position += 1
            } else if let last = star {
                star = (last.next, last.position + 1)
                next = last.next + 1
                position = last.position + 1
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
