/// A program of a command whose words are being read.
struct ActiveProgram {
    let rules: Rules
    /// What the command calls it, without its directory.
    let name: ArraySlice<UInt8>
    /// The words that are no options, of those behind the program the first few and the last.
    private(set) var operands: [Int] = []
    private(set) var last: Int?
    private(set) var count = 0
    /// The operands that an option makes secret: their numbers, 0 is the last one.
    private var secretOperands: [Int] = []

    /// Whether its options are whole words, `-keyout` is not `-k eyout`.
    let takesWholeWords: Bool
    /// Whether its options end where the first operand begins.
    let leadsOnly: Bool
    private let hasOperands: Bool

    init(_ program: Program, called name: ArraySlice<UInt8>) {
        rules = Rules(program)
        self.name = name
        takesWholeWords = rules.has("*")
        leadsOnly = rules.has(".")
        hasOperands = program.rules.utf8.contains(UInt8(ascii: "#"))
    }

    mutating func take(operand word: Int) {
        count += 1
        last = word
        if operands.count < 8 { operands.append(word) }
    }

    /// Notes an option that makes an operand secret.
    mutating func makeSecret(operand: Int) {
        if secretOperands.count < 8 { secretOperands.append(operand) }
    }

    /// Whether the next operand is a script.
    var expectsScript: Bool {
        hasOperands && (count == 0 && rules.has("#1$") || count == 1 && rules.has("#2$"))
    }

    /// The operands that are secret or hold secrets, and where.
    var secrets: [(word: Int, place: Place)] {
        var found = secretOperands.compactMap { number in
            operand(number).map { (word: $0, place: Place.whole) }
        }
        guard hasOperands else { return found }
        rules.forEachRule { rule in
            guard rule.count == 3, rule.first == UInt8(ascii: "#"),
                let place = rule.last.flatMap(Place.init)
            else { return true }
            let which = rule[rule.startIndex + 1]
            if which == UInt8(ascii: "*") {
                found += operands.map { (word: $0, place: place) }
            } else if let word = operand(which == UInt8(ascii: "L") ? 0 : Int(which) - 0x30) {
                found.append((word: word, place: place))
            }
            return true
        }
        return found
    }

    private func operand(_ number: Int) -> Int? {
        if number == 0 { return last }
        return number >= 1 && number <= operands.count ? operands[number - 1] : nil
    }
}
