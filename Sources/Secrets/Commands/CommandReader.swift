/// Follows the words of one command and marks what is secret in them because of a word before.
struct CommandReader {
    /// A part of a word that is secret or, whatever its name says, none.
    struct Mark {
        let word: Int
        let range: Range<Int>
        var isHarmless = false
    }

    /// What the word before says about the next one.
    private enum Expectation {
        /// The value of an option with a place of its own.
        case value(Place)
        /// The value of something whose name says that it is secret.
        case named(SecretName)
    }

    /// What holds for every program that has no rules of its own for an option.
    private static let any = Rules(.any)

    private let words: [Word]
    private(set) var marks: [Mark] = []
    /// Where the secret is in what the command reads; nil when it reads none.
    private(set) var secretInput: Place?
    private var expected: Expectation?
    /// The programs seen so far, the newest one last; few, for a command has few.
    private var active: [ActiveProgram] = []
    /// Whether a word such as `set` was there, so that `NAME value` may follow.
    private var assigns = false

    /// Whether another command gives it something to read.
    private let hasInput: Bool

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
            mark(place, in: index, from: 0)
        case .named(let name):
            guard !Self.looksLikeOption(text), name.hides(text[...]) else { return false }
            // `SET PASSWORD FOR ann = 'x'`
            if ["for", "=", "to"].contains(where: { text[...].isText($0) }) { return false }
            // The number of a pass over the data, as video encoders have it.
            if text.count == 1, Bytes.isDigit(text[0]) { return false }
            marks.append(Mark(word: index, range: text.indices))
        }
        return true
    }

    private mutating func mark(_ place: Place, in index: Int, from start: Int) {
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

    // MARK: - Options

    private mutating func option(_ index: Int) {
        let text = words[index].text
        let equals = text.firstIndex(of: UInt8(ascii: "="))
        let name = text[..<(equals ?? text.count)]
        if let sign = sign(of: name) {
            return obey(sign, at: index, valueFrom: equals.map { $0 + 1 })
        }
        if !text.starts(with: "--".utf8), letters(index) { return }
        namedOption(index, name, equals)
    }

    /// What the newest program that knows the option has behind it.
    private func sign(of name: ArraySlice<UInt8>) -> UInt8? {
        for program in active.reversed() {
            if let sign = program.rules.sign(of: name) { return sign }
        }
        return Self.any.sign(of: name)
    }

    /// Does what the rule of an option says, whose value is in the same word or in the next one.
    private mutating func obey(_ sign: UInt8, at index: Int, valueFrom start: Int?) {
        switch sign {
        case UInt8(ascii: "!"): break
        case UInt8(ascii: "<"): secretInput = secretInput ?? .whole
        case UInt8(ascii: "L"): makeSecret(operand: 0)
        case 0x31...0x39: makeSecret(operand: Int(sign) - 0x30)
        default:
            guard let place = Place(rawValue: sign) else { return }
            if let start {
                mark(place, in: index, from: start)
            } else if place != .glued {
                expected = .value(place)
            }
        }
    }

    private mutating func makeSecret(operand: Int) {
        guard let newest = active.indices.last else { return }
        active[newest].makeSecret(operand: operand)
    }

    /// Letters such as `-sSuann:x` of the newest program that knows one of them.
    private mutating func letters(_ index: Int) -> Bool {
        for program in active.reversed() where !program.takesWholeWords {
            if letters(index, of: program.rules) { return true }
        }
        return letters(index, of: Self.any)
    }

    private mutating func letters(_ index: Int, of rules: Rules) -> Bool {
        let text = words[index].text
        for position in text.indices.dropFirst() {
            if let sign = rules.sign(of: [UInt8(ascii: "-"), text[position]]) {
                let hasRest = position + 1 < text.count
                let takesValue = Place(rawValue: sign) != nil
                obey(sign, at: index, valueFrom: takesValue && hasRest ? position + 1 : nil)
                if takesValue || !hasRest { return true }
            } else if !rules.isSwitch(text[position]) {
                return false
            }
        }
        return false
    }

    /// `--password x`, `--password=x`, `-Dpassword=x`, `--env=TOKEN=x`.
    private mutating func namedOption(
        _ index: Int, _ name: ArraySlice<UInt8>, _ equals: Int?
    ) {
        let text = words[index].text
        let dashes = name.prefix(2).prefix { $0 == UInt8(ascii: "-") }.count
        let bare = name.dropFirst(dashes)
        guard bare.allSatisfy(Bytes.isName) else { return }
        let kind = dashes == 2 ? SecretName.Kind.option : .shortOption
        guard let equals else {
            let name = SecretName(bare, as: dashes == 2 ? .announcement : .shortAnnouncement)
            if name.isSecret { expected = .named(name) }
            return
        }
        let value = text[(equals + 1)...]
        if SecretName(bare, as: kind).hides(value) {
            hide(value, in: index)
        } else {
            assignment(index, from: equals + 1)
        }
    }

    /// `/password:x`, `/p x` of programs from Windows; false for what may be a path.
    private mutating func slashOption(_ index: Int) -> Bool {
        let text = words[index].text
        let end = text.firstIndex { !Bytes.isName($0) && $0 != UInt8(ascii: "/") } ?? text.count
        let name = text[1..<max(end, 1)]
        guard !name.contains(UInt8(ascii: "/")) else { return false }
        let isAlone = end == text.count
        guard isAlone || text[end] == UInt8(ascii: ":") else { return false }
        if let sign = sign(of: text[..<end]) {
            obey(sign, at: index, valueFrom: isAlone ? nil : end + 1)
            return true
        }
        guard !isAlone, SecretName(name, as: .option).hides(text[(end + 1)...]) else {
            return false
        }
        hide(text[(end + 1)...], in: index)
        return true
    }

    // MARK: - Operands

    /// `NAME=value` that is a whole word from `start` on, blanks included.
    @discardableResult
    private mutating func assignment(_ index: Int, from start: Int) -> Bool {
        let text = words[index].text
        guard let equals = text[start...].firstIndex(of: UInt8(ascii: "=")), equals > start,
            text[start..<equals].allSatisfy(Bytes.isName)
        else { return false }
        let value = text[(equals + 1)...]
        if SecretName(text[start..<equals], as: .variable).hides(value) { hide(value, in: index) }
        return true
    }

    /// Hides a value, which ends where another `name=` follows.
    private mutating func hide(_ value: ArraySlice<UInt8>, in index: Int) {
        marks.append(Mark(word: index, range: value.startIndex..<Pair.end(of: value)))
    }

    private mutating func operand(_ index: Int) {
        let text = words[index].text
        let isScript = active.last?.expectsScript ?? false
        active.removeAll { $0.leadsOnly }
        for program in active.indices { active[program].take(operand: index) }
        if isScript || assignment(index, from: 0) { return }
        // The last word of a command has nothing behind it to be known.
        let isSubcommand = (hasInput || index + 1 < words.count) && begin(text)
        guard assigns || Self.isAssigning(text) else { return }
        assigns = true
        if !isSubcommand, let name = SecretName(assigned: text) { expected = .named(name) }
    }

    /// Words after which `NAME value` sets something.
    private static func isAssigning(_ text: [UInt8]) -> Bool {
        ["set", "setenv", "config", "put", "env:set", "config:set", "add-secret"].contains {
            text[...].isText($0)
        }
    }

    /// Takes note of a program, or of a subcommand of one; whether it is a subcommand.
    private mutating func begin(_ text: [UInt8]) -> Bool {
        let slash = text.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        let name = text[(slash.map { $0 + 1 } ?? 0)...]
        var found = active.reversed().lazy.compactMap { program in
            ProgramIndex.subcommand(text[...], of: program.name).map { ($0, program.name) }
        }.first
        let isSubcommand = found != nil
        if found == nil { found = ProgramIndex.program(name).map { ($0, name) } }
        guard let (program, called) = found else { return false }
        if active.count == 4 { active.removeFirst() }
        let rules = ActiveProgram(program, called: called)
        active.append(rules)
        if rules.rules.has("<") { secretInput = secretInput ?? .whole }
        if rules.rules.has("<:") { secretInput = secretInput ?? .afterColon }
        return isSubcommand
    }
}
