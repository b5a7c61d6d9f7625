import SystemCalls
import Testing

/// Commands of a file of the corpus, the secrets in them marked with `⟦` and `⟧`.
struct Corpus {
    struct Line: Sendable, CustomTestStringConvertible {
        /// As somebody typed it.
        let text: String
        /// The same without its secrets.
        let masked: String
        /// Whether it is a script and not one command.
        let isScript: Bool

        var testDescription: String { text }

        /// The arguments of the command that has this text.
        func arguments(_ text: String) -> [String]? {
            isScript ? nil : ShellWords.split(text)
        }
    }

    let lines: [Line]

    init(_ name: String) throws {
        let directory = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let bytes = try FileSystem.read(directory + "/Corpus/" + name)
        let text = String(decoding: bytes, as: UTF8.self)
        lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let isScript = line.hasPrefix("$ ")
            let line = isScript ? line.dropFirst(2) : line
            var typed = ""
            var masked = ""
            for part in line.split(separator: "⟦", omittingEmptySubsequences: false) {
                let halves = part.split(separator: "⟧", omittingEmptySubsequences: false)
                typed += halves.count == 2 ? Self.expanded(halves[0]) + halves[1] : halves[0]
                masked += halves.count == 2 ? "***" + halves[1] : halves[0]
            }
            return Line(text: typed, masked: masked, isScript: isScript)
        }
    }
}

extension Corpus {
    /// A secret with its letters instead of `{36}`.
    fileprivate static func expanded(_ secret: Substring) -> String {
        String(secret).replacing(/\{([xA]?)([0-9]+)\}/) { match in
            let letters = ["x": "0a1b2c3d", "A": "A2B3C4D5"][match.1] ?? "a1B2c3D4"
            let count = Int(match.2) ?? 0
            return String(String(repeating: letters, count: count / 8 + 1).prefix(count))
        }
    }
}

/// Words of a command without expansions, for the corpus.
enum ShellWords {
    static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                isEscaped = false
                word = (word ?? "") + String(character)
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open {
                    quote = nil
                } else {
                    word = (word ?? "") + String(character)
                }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}
