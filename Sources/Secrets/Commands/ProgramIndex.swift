/// The programs by the first letter of their names, so that most words are passed over at once.
struct ProgramIndex {
    fileprivate struct Entry {
        let name: String
        /// Whether any other letters may follow the name.
        let isOpen: Bool
        let program: Program
    }

    fileprivate var entries = [[Entry]](repeating: [], count: 256)

    /// Made when the first command with arguments is looked at.
    private static let shared = ProgramIndex()

    private init() {
        for program in Program.all {
            for part in program.name.utf8.split(separator: UInt8(ascii: "|")) {
                guard let first = part.first else { continue }
                let isOpen = part.last == UInt8(ascii: "*")
                let name = String(decoding: isOpen ? part.dropLast() : part, as: UTF8.self)
                entries[Int(first)].append(Entry(name: name, isOpen: isOpen, program: program))
            }
        }
    }

    /// The program that a word of a command is; nil when it is none that is known.
    static func program(_ word: ArraySlice<UInt8>) -> Program? {
        guard 2...32 ~= word.count, let first = word.first else { return nil }
        var known: Program?
        for entry in shared.entries[Int(Bytes.lower(first))] where entry.fits(word) {
            if entry.program.subcommand.isEmpty { return entry.program }
            known = known ?? Program(entry.name, "")
        }
        return known
    }

    /// The rules of a subcommand of the program with this name; nil when it has none of its own.
    static func subcommand(_ word: ArraySlice<UInt8>, of name: ArraySlice<UInt8>) -> Program? {
        guard let first = name.first else { return nil }
        return shared.entries[Int(Bytes.lower(first))].first { entry in
            !entry.program.subcommand.isEmpty && entry.fits(name) && entry.program.isFor(word)
        }?.program
    }
}

extension ProgramIndex.Entry {
    fileprivate func fits(_ word: ArraySlice<UInt8>) -> Bool {
        isOpen ? word.beginsWith(name) : word.isText(name)
    }
}

extension Program {
    /// Whether a word is the subcommand.
    fileprivate func isFor(_ word: ArraySlice<UInt8>) -> Bool {
        subcommand.utf8.split(separator: UInt8(ascii: "|")).contains { part in
            part.last == UInt8(ascii: "*")
                ? word.beginsWith(String(Substring(part.dropLast())))
                : word.count == part.count && word.beginsWith(String(Substring(part)))
        }
    }
}
