/// Lines of a crontab, crontab(5) and anacrontab(5).
enum CrontabLine {
    /// What a line runs; nil when it runs nothing.
    ///
    /// - Parameter fields: how many stand in front of the command; `@daily` is one for five.
    static func command(_ line: String, fields: Int) -> String? {
        var rest = line.drop(while: \.isWhitespace)
        guard let first = rest.first, first == "@" || first == "*" || first.isNumber else {
            return nil
        }
        for _ in 0..<(first == "@" && fields >= 5 ? fields - 4 : fields) {
            rest = rest.drop { !$0.isWhitespace }.drop(while: \.isWhitespace)
        }
        var parts = [""]
        var isEscaped = false
        for character in rest {
            if character == "%", !isEscaped {
                parts.append("")
            } else {
                if character == "%" { parts[parts.count - 1].removeLast() }
                parts[parts.count - 1].append(character)
            }
            isEscaped = character == "\\"
        }
        // Behind an unescaped % are the lines that the command reads.
        let input = parts.dropFirst().joined(separator: "\\n").replacing("'", with: "\"")
        return input.isEmpty ? parts[0] : "echo '\(input)' | \(parts[0])"
    }
}

/// Lines of a unit of systemd, systemd.service(5).
enum UnitLine {
    /// What a line runs; nil when it is another setting.
    static func command(_ line: String) -> String? {
        let line = line.drop(while: \.isWhitespace)
        guard line.hasPrefix("Exec"), let sign = line.firstIndex(of: "=") else { return nil }
        let value = line[line.index(after: sign)...].drop(while: \.isWhitespace)
        return String(value.drop { "-@+!:|".contains($0) })
    }
}

/// Lines of a makefile, a justfile, a Procfile.
enum RecipeLine {
    /// Without the signs in front of a recipe's line; `name: command` is left as it is.
    static func command(_ line: String) -> String? {
        let rest = line.drop(while: \.isWhitespace)
        // `- item` is one of a list.
        if rest.hasPrefix("- ") { return String(rest) }
        return String(rest.drop { "-@+!:".contains($0) })
    }
}
