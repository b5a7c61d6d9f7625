/// The commands of a text that may be a shell script.
///
/// Tolerant: prose and data are read, too, so that a quote without its other half is a letter.
struct ShellScript {
    /// One command with its words.
    private struct Command {
        var words: [Word] = []
        /// The command whose output it reads.
        var source: Int?
    }

    private let bytes: [UInt8]
    private var commands = [Command()]
    private var current = 0
    /// The commands around the one in parentheses.
    private var outer: [Int] = []
    /// Where no closing quote is found any more.
    private var hasNoMore: (single: Bool, double: Bool) = (false, false)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        divide()
    }

    func forEachQuotedWord(_ body: (Word) -> Void) {
        for command in commands {
            for word in command.words where word.isQuoted { body(word) }
        }
    }

    /// Reads each command and adds what its words give away.
    func read(into findings: inout Findings) {
        for command in commands where !command.words.isEmpty {
            var reader = CommandReader(command.words, hasInput: command.source != nil)
            reader.read()
            for mark in reader.marks {
                let range = command.words[mark.word].source(of: mark.range)
                // Hiding twice hides nothing more: what is masked already stays as it is.
                if !bytes[range].elementsEqual(Mask.bytes) { findings.add(mark, range) }
            }
            guard let place = reader.secretInput else { continue }
            findings.add(inputs(of: command, place).map { Finding(range: $0) })
        }
    }

    /// What a command that reads a secret is given: `<<< x`, `echo x |`.
    private func inputs(of command: Command, _ place: Place) -> [Range<Int>] {
        var given = command.words.filter { $0.role == .input }
        if let source = command.source { given += printed(by: commands[source].words) }
        return given.compactMap { word in
            place.secret(in: word.text[...]).map { word.source(of: $0) }
        }
    }

    /// The words that `echo` and `printf` print, formats excepted.
    private func printed(by words: [Word]) -> [Word] {
        guard let program = words.first?.text, program.isText("echo") || program.isText("printf")
        else { return [] }
        var rest = words.dropFirst().filter { $0.role == .argument && $0.text.first != 0x2d }
        if program.isText("printf"), rest.count > 1 { rest.removeFirst() }
        return rest
    }

    // MARK: - Dividing

    private mutating func divide() {
        var position = 0
        var role = Word.Role.argument
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: ";"): begin(piped: false)
            case UInt8(ascii: "`"), UInt8(ascii: "("): open(byte)
            case UInt8(ascii: ")"): close()
            case UInt8(ascii: "|"):
                begin(piped: follows(byte, position) == 1)
                position += follows(byte, position) - 1
            case UInt8(ascii: "&"):
                let isRedirection = position > 0 && "<>".utf8.contains(bytes[position - 1])
                if !isRedirection, next(position) != UInt8(ascii: ">") { begin(piped: false) }
            case UInt8(ascii: "<"), UInt8(ascii: ">"):
                let count = follows(byte, position)
                role = byte == UInt8(ascii: "<") && count == 3 ? .input : .file
                position += count - 1
            case _ where Bytes.isBlank(byte): break
            default:
                position = readWord(from: position, role)
                role = .argument
                continue
            }
            position += 1
        }
    }

    /// How many times the byte stands here in a row.
    private func follows(_ byte: UInt8, _ position: Int) -> Int {
        bytes[position...].prefix(3).prefix { $0 == byte }.count
    }

    private func next(_ position: Int) -> UInt8? {
        position + 1 < bytes.count ? bytes[position + 1] : nil
    }

    private mutating func begin(piped: Bool) {
        if commands[current].words.isEmpty, !piped { return }
        commands.append(Command(source: piped ? current : nil))
        current = commands.count - 1
    }

    /// A command inside a command; what comes after it belongs to the outer one.
    private mutating func open(_ byte: UInt8) {
        if byte == UInt8(ascii: "`"), let last = outer.last, last < 0 { return close() }
        outer.append(byte == UInt8(ascii: "`") ? -1 - current : current)
        commands.append(Command())
        current = commands.count - 1
    }

    private mutating func close() {
        guard let last = outer.popLast() else { return begin(piped: false) }
        current = last < 0 ? -1 - last : last
    }

    /// Reads the word at `start` and returns where it ends.
    private mutating func readWord(from start: Int, _ role: Word.Role) -> Int {
        var reader = WordReader(bytes, from: start, hasNoMore)
        reader.read()
        hasNoMore = reader.hasNoMore
        commands[current].words.append(reader.word(role))
        return reader.position
    }
}
