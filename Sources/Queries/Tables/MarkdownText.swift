import Wording

/// Text as GitHub-flavoured Markdown shows it unchanged, also inside a table.
package enum MarkdownText {
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
