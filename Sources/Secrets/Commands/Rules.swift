/// The rules of a program, ready to be looked up.
struct Rules {
    private let text: [UInt8]

    init(_ program: Program) { text = Array(program.rules.utf8) }

    /// The sign behind an option; nil when the rules do not know it.
    func sign(of option: ArraySlice<UInt8>) -> UInt8? {
        guard let first = option.first else { return nil }
        var found: UInt8?
        forEachRule { rule in
            let isOption = rule.count == option.count + 1 && rule.first == first
            if isOption, rule.dropLast().elementsEqual(option) { found = rule.last }
            return found == nil
        }
        return found
    }

    /// Whether a rule of this text is there.
    func has(_ wanted: String) -> Bool {
        var isThere = false
        forEachRule { rule in
            if rule.count == wanted.utf8.count, rule.elementsEqual(wanted.utf8) { isThere = true }
            return !isThere
        }
        return isThere
    }

    /// Whether an option of one letter takes no value.
    func isSwitch(_ letter: UInt8) -> Bool {
        guard let plus = text.firstIndex(of: UInt8(ascii: "+")) else { return false }
        return text[(plus + 1)...].prefix { $0 != UInt8(ascii: " ") }.contains(letter)
    }

    /// Calls `body` with each rule, as long as it says so.
    func forEachRule(_ body: (ArraySlice<UInt8>) -> Bool) {
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: UInt8(ascii: " ")) ?? text.count
            if !body(text[start..<end]) { return }
            start = end + 1
        }
    }
}
