/// Code that one command prints and another runs: `echo "docker compose up" | ssh host`.
enum PipedCode {
    /// Programs whose output is their arguments.
    private static let printers: Set<Substring> = ["echo", "printf"]
    private static let shells: Set<Substring> = ["sh", "bash", "dash", "zsh", "ksh", "ash"]
    /// Programs that run what they read when they are given no command.
    private static let readers: Set<Substring> = [
        "ssh", "su", "sudo", "doas", "runuser", "chroot", "at", "batch", "parallel",
    ]
    /// Options of these programs that have a value behind them, by their letter; ssh(1), sudo(8).
    private static let valued: [Substring: String] = [
        "ssh": "BbcDEeFIiJLlmOopQRSWw", "sudo": "CDghpRrTtUu", "doas": "Cu", "su": "gGsw",
        "runuser": "gGsuw", "bash": "oO", "sh": "o", "at": "fqt",
    ]

    /// What a command prints, as code, in which `\n` begins another command; nil when it is not
    /// known.
    static func printed(by words: ArraySlice<ShellWord>) -> (text: String, line: Int)? {
        guard let first = words.first, printers.contains(first.name) else { return nil }
        let rest = words.dropFirst().drop { word in
            word.text == "-e" || word.text == "-n" || word.text == "-ne" || word.text == "-en"
                || word.text == "--"
        }
        guard let start = rest.first else { return nil }
        // Each on a line of its own of the file, as the words are.
        var text = ""
        var line = start.line
        for word in rest {
            text += word.line > line ? String(repeating: " \\\n", count: word.line - line) : " "
            line = max(line, word.line)
            text += word.text.replacing("\\n", with: "; ")
            line += word.text.count { $0 == "\n" }
        }
        return (text, start.line)
    }

    /// Whether a program runs what it reads: a shell without a script, `ssh host` without a
    /// command, or either with a command that does.
    static func isRun(by words: ArraySlice<ShellWord>, depth: Int = 0) -> Bool {
        guard depth < 4 else { return false }
        if let last = words.last, last.text.contains(where: \.isWhitespace) {
            return ShellReader.commands(in: last.text, line: last.line).list.contains {
                isRun(by: $0.words[...], depth: depth + 1)
            }
        }
        guard
            let program = words.lastIndex(where: {
                shells.contains($0.name) || readers.contains($0.name)
            })
        else { return false }
        let name = words[program].name
        var operands = 0
        var rest = words[(program + 1)...]
        while let word = rest.popFirst() {
            // `su -` asks for a login shell.
            if word.text == "-" { continue }
            guard word.text.hasPrefix("-"), operands == 0 || name != "ssh"
            else {
                operands += 1
                continue
            }
            if shells.contains(name), !word.text.hasPrefix("--") {
                if word.text.contains("c") { return false }
                if word.text.contains("s") { return true }
            }
            if word.text.count == 2, let letter = word.text.last,
                valued[name]?.contains(letter) == true
            {
                rest = rest.dropFirst()
            }
        }
        switch name {
        case "ssh": return operands == 1
        case "su", "runuser", "chroot": return operands <= 1
        case "at", "batch": return true
        default: return operands == 0
        }
    }
}
