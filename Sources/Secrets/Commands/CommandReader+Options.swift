/// Options with their values.
extension CommandReader {
    mutating func option(_ index: Int) {
        let text = words[index].text
        let equals = text.firstIndex(of: UInt8(ascii: "="))
        let name = text[..<(equals ?? text.count)]
        if let sign = sign(of: name) {
            return obey(sign, at: index, valueFrom: equals.map { $0 + 1 })
        }
        if hasNamedSecret, name.isText("--value") {
            return obey(Place.whole.rawValue, at: index, valueFrom: equals.map { $0 + 1 })
        }
        if !Self.isWord(name), !text.starts(with: "--".utf8), letters(index) { return }
        namedOption(index, name, equals)
    }

    /// Whether an option with one dash is surely no row of letters.
    private static func isWord(_ name: ArraySlice<UInt8>) -> Bool {
        ["-password", "-passwd", "-passphrase", "-token", "-secret"].contains { name.isText($0) }
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
        if let secret = SecretName(bare, as: kind).secret(in: value) {
            hide(text[secret], in: index)
        } else {
            assignment(index, from: equals + 1)
        }
    }

    /// `/password:x`, `/p x` of programs from Windows; false for what may be a path.
    mutating func slashOption(_ index: Int) -> Bool {
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
        guard !isAlone,
            let secret = SecretName(name, as: .option).secret(in: text[(end + 1)...])
        else { return false }
        hide(text[secret], in: index)
        return true
    }
}
