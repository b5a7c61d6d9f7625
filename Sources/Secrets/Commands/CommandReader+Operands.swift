/// Words that are no options: programs, assignments, names that are set.
extension CommandReader {
    /// `NAME=value` that is a whole word from `start` on, blanks included.
    @discardableResult
    mutating func assignment(_ index: Int, from start: Int) -> Bool {
        let text = words[index].text
        guard let equals = text[start...].firstIndex(of: UInt8(ascii: "=")), equals > start,
            text[start..<equals].allSatisfy(Bytes.isName)
        else { return false }
        // `token==x` is a parameter of a query to HTTPie.
        let isDouble = equals + 1 < text.count && text[equals + 1] == UInt8(ascii: "=")
        let value = text[(isDouble ? equals + 2 : equals + 1)...]
        if let secret = SecretName(text[start..<equals], as: .variable).secret(in: value) {
            hide(text[secret], in: index)
        }
        return true
    }

    /// Hides a value, which ends where another `name=` follows.
    mutating func hide(_ value: ArraySlice<UInt8>, in index: Int) {
        var end = Pair.end(of: value)
        // `'x',` is one word of a list in SQL.
        if end - value.startIndex > 1, value[end - 1] == UInt8(ascii: ",") { end -= 1 }
        marks.append(Mark(word: index, range: value.startIndex..<end))
    }

    mutating func operand(_ index: Int) {
        let text = words[index].text
        let isScript = active.last?.expectsScript ?? false
        active.removeAll { $0.leadsOnly }
        for program in active.indices { active[program].take(operand: index) }
        if isScript || assignment(index, from: 0) { return }
        // The last word of a command has nothing behind it to be known.
        let isSubcommand = (hasInput || index + 1 < words.count) && begin(text)
        guard assigns || Self.isAssigning(text) else { return }
        assigns = true
        if !isSubcommand, let name = SecretName(assigned: text) {
            expected = .named(name)
            hasNamedSecret = true
        }
    }

    /// Words after which `NAME value` sets something.
    private static func isAssigning(_ text: [UInt8]) -> Bool {
        text.endsWith(":set")
            || ["set", "setenv", "config", "put", "option", "meta", "add-secret"].contains {
                text.isText($0)
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
