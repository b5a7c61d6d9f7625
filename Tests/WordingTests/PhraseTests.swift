import SystemCalls
import Testing

/// Phrases that are not English although each of their words is.
@Suite struct PhraseTests {
    private static let sources =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Sources"

    /// What is wrong with a text that people read, with what says it better.
    private static var phrases: [(wrong: Regex<Substring>, better: String)] {
        [
            (/cannot be told/, "unknown, or cannot determine"),
            (/(?:^|[^e]|[^r]e|[^e]re) is no (?!longer)/, "is not a, or unknown"),
            (/\bwants?\b/, "requires"),
            (/\b(?:he|his|him|himself)\b/, "they"),
            (/\bkept by\b/, "held by"),
            (/\b[Ss]o many\b/, "at most N, or this many"),
            (/\banew\b/, "again, or start over"),
            (/\bhas all of it\b/, "has the details"),
            (/\bone value too many\b/, "unexpected value"),
        ]
    }

    @Test func `no text in the sources has a phrase that an English reader stumbles over`() throws {
        let phrases = Self.phrases
        var found: [String] = []
        var count = 0
        for file in try Self.files(Self.sources) {
            let source = String(decoding: try FileSystem.read(file), as: UTF8.self)
            for (line, text) in Self.texts(source) {
                count += 1
                for (wrong, better) in phrases where text.firstMatch(of: wrong) != nil {
                    found.append("\(file):\(line): \(text) (better: \(better))")
                }
            }
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        // The scanner has seen them.
        #expect(count > 2000)
    }

    /// What also reads badly in a comment.
    private static var inComments: [Regex<Substring>] {
        [
            /cannot be told/, /\bwants\b/, /\b(?:he|his|him|himself)\b/, /\b[Ss]o many\b/,
            /\banew\b/,
            /\btold apart\b/,
        ]
    }

    @Test func `no comment in the sources has one of the worst phrases`() throws {
        let phrases = Self.inComments
        var found: [String] = []
        for file in try Self.files(Self.sources) {
            let source = String(decoding: try FileSystem.read(file), as: UTF8.self)
            for line in source.split(separator: "\n") {
                guard let start = line.firstRange(of: "//") else { continue }
                let comment = line[start.lowerBound...]
                if phrases.contains(where: { comment.firstMatch(of: $0) != nil }) {
                    found.append("\(file): \(comment)")
                }
            }
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `texts are told from code and comments`() {
        let source = #"""
            let a = "one" // he "two"
            /// "three"
            let b = """
                four he \
                five
                """ + "si\"x"
            """#
        #expect(Self.texts(source).map(\.text) == ["one", "four he \\", "five", #"si\"x"#])
        #expect(Self.texts(source).map(\.line) == [1, 4, 5, 6])
    }

    /// The Swift files below a directory.
    private static func files(_ directory: String) throws -> [String] {
        try FileSystem.entries(of: directory).sorted().flatMap { name -> [String] in
            let path = "\(directory)/\(name)"
            if try FileSystem.status(path).isDirectory { return try files(path) }
            return name.hasSuffix(".swift") ? [path] : []
        }
    }

    /// The string literals of a source, each line of a longer one by itself.
    private static func texts(_ source: String) -> [(line: Int, text: String)] {
        var texts: [(line: Int, text: String)] = []
        var isLong = false
        for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let trimmed = line.drop { $0 == " " }
            if isLong, !trimmed.hasPrefix(#"""""#) {
                texts.append((index + 1, String(trimmed)))
                continue
            }
            var rest = trimmed
            if isLong {
                isLong = false
                rest = rest.dropFirst(3)
            }
            while let quote = rest.firstIndex(of: "\"") {
                if rest[..<quote].contains("//") { break }
                rest = rest[quote...]
                if rest.hasPrefix(#"""""#) {
                    isLong = true
                    break
                }
                var text = ""
                rest = rest.dropFirst()
                while let sign = rest.popFirst(), sign != "\"" {
                    text.append(sign)
                    if sign == "\\", let next = rest.popFirst() { text.append(next) }
                }
                if !text.isEmpty { texts.append((index + 1, text)) }
            }
        }
        return texts
    }
}
