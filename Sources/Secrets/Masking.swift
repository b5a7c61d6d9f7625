/// Takes recognisable secrets out of text before it is written anywhere.
///
/// What is recognised: values of options, variables, headers, cookies and keys whose names say so,
/// statements that set a password, passwords and tokens in URLs, what programs are known to take
/// in a place of their own, keys whose shape gives them away, and a team's own patterns. Written by
/// hand over bytes: a regular expression would cost the start of every deployment.
package enum Masking {
    /// Masks a command's arguments, also where an option and its value are two arguments.
    package static func mask(arguments: [String]) -> [String] {
        let words = arguments.map { Word($0.utf8) }
        var findings = words.map { Analysis.findings(in: $0.text, depth: 1) }
        var reader = CommandReader(words)
        reader.read()
        for mark in reader.marks { findings[mark.word].add(mark, mark.range) }
        return words.indices.map { index in
            guard let masked = findings[index].masked(words[index].text) else {
                return arguments[index]
            }
            return String(decoding: masked, as: UTF8.self)
        }
    }

    /// Masks what looks like a secret inside one text: a message, a command line, a script.
    package static func mask(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard let masked = Analysis.findings(in: bytes, depth: 0).masked(bytes) else { return text }
        return String(decoding: masked, as: UTF8.self)
    }
}

/// Looks at a text as data and as the shell script it may be, and so at the words in its quotes.
enum Analysis {
    /// A script in a script in a script; deeper ones are looked at as data only.
    private static let deepest = 4

    static func findings(in bytes: [UInt8], depth: Int) -> Findings {
        var scanner = TextScanner(bytes)
        scanner.scan()
        var findings = Findings(scanner.found)
        guard depth < deepest, depth == 0 || bytes.contains(where: Bytes.isBlank) else {
            return findings
        }
        let script = ShellScript(bytes)
        script.forEachQuotedWord { word in
            findings.add(Self.findings(in: word.text, depth: depth + 1), of: word)
        }
        script.read(into: &findings)
        return findings
    }
}
