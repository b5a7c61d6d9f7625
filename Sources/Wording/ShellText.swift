/// Commands as a person would type them.
package enum ShellText {
    /// The words of a command, quoted where a POSIX shell, bash or zsh would otherwise make
    /// something else of them.
    package static func quoted(_ words: [String]) -> String {
        var text = ""
        for (index, word) in words.enumerated() {
            if index > 0 { text += " " }
            text += isPlain(word, isFirst: index == 0) ? word : quoted(word)
        }
        return text
    }

    /// The words that `quoted` made a text of; nil when the text was not made that way.
    package static func words(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                isEscaped = false
            } else if scalar == "'" {
                isQuoted.toggle()
                word = word ?? ""
                continue
            } else if isQuoted {
                // As it is, up to the next apostrophe.
            } else if scalar == "\\" {
                isEscaped = true
                continue
            } else if scalar == " " {
                if let word { words.append(word) }
                word = nil
                continue
            }
            word = word ?? ""
            word?.unicodeScalars.append(scalar)
        }
        if isQuoted || isEscaped { return nil }
        if let word { words.append(word) }
        return words
    }

    /// Whether a shell takes the word as it stands.
    ///
    /// In the first place `A=1` is an assignment and `if` no command; zsh expands `=ls` in any
    /// place. What is not ASCII may be a blank in some locale.
    private static func isPlain(_ word: String, isFirst: Bool) -> Bool {
        if word.isEmpty || word.utf8.first == UInt8(ascii: "=") { return false }
        if isFirst, reserved.contains(word) { return false }
        return word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            case UInt8(ascii: "="): !isFirst
            default: "_@%+:,./-".utf8.contains(byte)
            }
        }
    }

    /// Words with a meaning of their own, of bash(1), "RESERVED WORDS", and zsh; those with other
    /// signs than letters are never plain.
    private static let reserved = [
        "case", "coproc", "do", "done", "elif", "else", "end", "esac", "fi", "for", "foreach",
        "function", "if", "in", "nocorrect", "repeat", "select", "then", "time", "until", "while",
    ]

    /// Scalar by scalar: as a character an apostrophe could hide behind a combining mark.
    private static func quoted(_ word: String) -> String {
        var result = "'"
        for scalar in word.unicodeScalars {
            if scalar == "'" {
                result += #"'\''"#
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }
}
