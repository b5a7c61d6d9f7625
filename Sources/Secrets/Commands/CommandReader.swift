/// Follows the words of one command and marks what is secret in them because of a word before.
struct CommandReader {
    /// A part of a word that is secret or, whatever its name says, none.
    struct Mark {
        let word: Int
        let range: Range<Int>
        var isHarmless = false
    }

    /// What the word before says about the next one.
    enum Expectation {
        /// The value of an option with a place of its own.
        case value(Place)
        /// The value of something whose name says that it is secret.
        case named(SecretName)
    }

    /// What holds for every program that has no rules of its own for an option.
    static let any = Rules(.any)

    let words: [Word]
    var marks: [Mark] = []
    /// Where the secret is in what the command reads; nil when it reads none.
    var secretInput: Place?
    var expected: Expectation?
    /// The programs seen so far, the newest one last; few, for a command has few.
    var active: [ActiveProgram] = []
    /// Whether a word such as `set` was there, so that `NAME value` may follow.
    var assigns = false

    /// Whether the name of a secret was there that is set, so that `--value x` may follow.
    var hasNamedSecret = false
    /// Whether another command gives it something to read.
    let hasInput: Bool

    init(_ words: [Word], hasInput: Bool = false) {
        self.words = words
        self.hasInput = hasInput
    }

    mutating func read() {
        for index in words.indices where words[index].role == .argument { take(index) }
        finish()
    }

    /// Ends a command, be it that a word such as `&&` stands for the end of it.
    private mutating func finish() {
        for program in active {
            for secret in program.secrets { mark(secret.place, in: secret.word, from: 0) }
        }
        active = []
        assigns = false
        hasNamedSecret = false
        expected = nil
    }

    private mutating func take(_ index: Int) {
        let text = words[index].text
        if let expectation = expected {
            expected = nil
            if meet(expectation, at: index) { return }
        }
        guard let first = text.first else { return operand(index) }
        switch first {
        case UInt8(ascii: "-") where text.count > 1: option(index)
        case UInt8(ascii: "/") where slashOption(index): break
        case UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "&"):
            if text.count <= 2, text.allSatisfy({ $0 == first }) { finish() }
        default: operand(index)
        }
    }

    // MARK: - Values

    /// Takes the value that the word before announced; false when this word is something else.
    private mutating func meet(_ expectation: Expectation, at index: Int) -> Bool {
        let text = words[index].text
        switch expectation {
        case .value(let place):
            if place != .script, Self.isLongOption(text) { return false }
            if place == .unknown { assignment(index, from: 0) }
            mark(place, in: index, from: 0)
        case .named(let name):
            guard !Self.looksLikeOption(text), let secret = name.secret(in: text[...]) else {
                return false
            }
            // `SET PASSWORD FOR ann = 'x'`
            if ["for", "=", "to"].contains(where: { text[...].isText($0) }) { return false }
            // The number of a pass over the data, as video encoders have it.
            if text.count == 1, Bytes.isDigit(text[0]) { return false }
            marks.append(Mark(word: index, range: secret))
        }
        return true
    }

    mutating func mark(_ place: Place, in index: Int, from start: Int) {
        let value = words[index].text[start...]
        if place == .nowhere {
            marks.append(Mark(word: index, range: value.indices, isHarmless: true))
        } else if let range = place.secret(in: value) {
            marks.append(Mark(word: index, range: range))
        }
    }

    private static func isLongOption(_ text: [UInt8]) -> Bool {
        text.starts(with: "--".utf8) && text.count > 2
    }

    /// `--verbose` and `-v`; a password may well begin with one dash.
    private static func looksLikeOption(_ text: [UInt8]) -> Bool {
        text.starts(with: "--".utf8) || text.first == UInt8(ascii: "-") && text.count <= 2
    }
}
