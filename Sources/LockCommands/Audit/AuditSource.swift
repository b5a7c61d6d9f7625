import SystemCalls

/// A file, or the crontab of a user, that is looked through.
struct AuditSource: Sendable {
    /// How its text is to be read.
    enum Kind: Hashable, Sendable {
        /// As one shell script.
        case script
        /// As a crontab; that of the system has a user in front of each command.
        case crontab(ofSystem: Bool)
        /// Line by line, because only parts of it are shell code.
        case lines
    }

    /// What findings call it.
    let name: String
    let kind: Kind
    let text: String

    /// On such a line a person has decided that it is well as it is.
    private static let mark = "check-deploy-lock: ok"

    /// Looks through it.
    func inspect(_ rule: AuditRule) -> AuditRule.Result {
        var result: AuditRule.Result
        switch kind {
        case .script:
            let (commands, isWhole) = ShellReader.commands(in: text)
            // An apostrophe somewhere would make text of the rest of the file.
            result = isWhole ? rule.inspect(commands) : byLine(rule) { $0 }
        case .lines: result = byLine(rule, quotedIsCode: true, Self.withoutExec)
        case .crontab(let ofSystem):
            result = byLine(rule) { Self.cronCommand($0, ofSystem: ofSystem) }
        }
        let rows = rows
        result.lines = Set(result.lines).sorted().filter { line in
            !rows.indices.contains(line - 1) || !rows[line - 1].contains(Self.mark)
        }
        return result
    }

    /// The text of a line, for people.
    func line(_ number: Int) -> String {
        let rows = rows
        guard rows.indices.contains(number - 1) else { return "" }
        return String(
            rows[number - 1].drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
                .reversed())
    }

    private var rows: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// Reads each line on its own, those joined that end with a backslash.
    private func byLine(
        _ rule: AuditRule, quotedIsCode: Bool = false, _ code: (String) -> String?
    ) -> AuditRule.Result {
        var result = AuditRule.Result()
        var joined = ""
        var start = 1
        for (index, row) in rows.enumerated() {
            if joined.isEmpty { start = index + 1 }
            joined += joined.isEmpty ? row : "\n" + row
            if row.hasSuffix("\\") { continue }
            if let code = code(joined) {
                let found = rule.inspect(
                    ShellReader.commands(in: code, line: start).list, quotedIsCode: quotedIsCode)
                if !result.restIsCovered { result.lines += found.lines }
                result.locked += found.locked
                if found.restIsCovered { result.restIsCovered = true }
            }
            joined = ""
        }
        return result
    }

    /// What a line of a crontab runs, crontab(5); nil when it runs nothing.
    private static func cronCommand(_ line: String, ofSystem: Bool) -> String? {
        var rest = line.drop(while: \.isWhitespace)
        guard let first = rest.first, first == "@" || first == "*" || first.isNumber else {
            return nil
        }
        for _ in 0..<((first == "@" ? 1 : 5) + (ofSystem ? 1 : 0)) {
            rest = rest.drop { !$0.isWhitespace }.drop(while: \.isWhitespace)
        }
        // Behind an unescaped % comes what the command reads.
        var command = ""
        var isEscaped = false
        for character in rest {
            if character == "%" {
                if !isEscaped { break }
                command.removeLast()
            }
            command.append(character)
            isEscaped = character == "\\"
        }
        return command
    }

    /// `ExecStart=-/usr/bin/docker …` of systemd, `@docker …` of make.
    private static func withoutExec(_ line: String) -> String {
        var rest = line.drop(while: \.isWhitespace)
        if rest.hasPrefix("Exec"), let sign = rest.firstIndex(of: "=") {
            rest = rest[rest.index(after: sign)...]
        }
        if rest.hasPrefix("- ") { return String(rest) }
        return String(rest.drop { "-@+!:".contains($0) })
    }
}
