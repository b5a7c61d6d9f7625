/// What a file runs, or may run, as it was found there.
enum AuditCode {
    /// Shell code whose first line has that number.
    case code(String, line: Int)
    /// One command, word for word.
    case words([ShellWord])
}

/// Commands of a file that belong together.
struct AuditPiece {
    let commands: [ShellCommand]
    /// Whether every quoted text may be code, because the quotes are not those of a shell.
    var quotedIsCode = false
    /// The line that leads to them, such as the one with the key.
    var heading: Int?

    /// Shell code as one script or, when a quote in it does not end, line by line: an apostrophe
    /// somewhere would make text of everything behind it.
    static func pieces(_ code: AuditCode, heading: Int? = nil) -> [AuditPiece] {
        switch code {
        case .words(let words):
            return [AuditPiece(commands: [ShellCommand(words: words)], heading: heading)]
        case .code(let text, let line):
            let (commands, isWhole) = ShellReader.commands(in: text, line: line)
            if isWhole { return [AuditPiece(commands: commands, heading: heading)] }
            return lines(text, from: line, heading: heading) { $0 }
        }
    }

    /// Each line on its own, those joined that end with a backslash.
    ///
    /// - Parameter code: what of a line is code; nil when nothing is.
    static func lines(
        _ text: String, from first: Int = 1, heading: Int? = nil, quotedIsCode: Bool = false,
        _ code: (String) -> String?
    ) -> [AuditPiece] {
        var pieces: [AuditPiece] = []
        var joined = ""
        var start = first
        for (index, row) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if joined.isEmpty { start = first + index }
            joined += joined.isEmpty ? row : "\n" + row
            if row.hasSuffix("\\") { continue }
            if let code = code(joined) {
                pieces.append(
                    AuditPiece(
                        commands: ShellReader.commands(in: code, line: start).list,
                        quotedIsCode: quotedIsCode, heading: heading))
            }
            joined = ""
        }
        return pieces
    }
}
