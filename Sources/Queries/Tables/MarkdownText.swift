import Wording

/// Text as GitHub-flavoured Markdown shows it unchanged, also inside a table.
package enum MarkdownText {
    /// An address as the target of a link: what would end it, or the cell it is in, by its number.
    static func address(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x21...0x7E).contains(byte) && !"()<>[]|\\`*_~\"'$".utf8.contains(byte)
            return isPlain
                ? String(Unicode.Scalar(byte)) : (byte < 16 ? "%0" : "%") + String(byte, radix: 16)
        }.joined()
    }

    /// Everything that Markdown or HTML would take for more than text is escaped, and what could act
    /// on a terminal made visible; line ends become `\n`, so that a row stays a row.
    ///
    /// Source: <https://github.github.com/gfm/#backslash-escapes>
    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.escapedForTerminal.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\\", "`", "*", "_", "[", "]", "|", "~", "$": result += "\\\(scalar)"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
