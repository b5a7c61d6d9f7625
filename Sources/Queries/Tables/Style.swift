/// Whether words are set apart with colour; the words themselves always carry the meaning.
package enum Style: Sendable {
    /// Text alone.
    case plain
    /// Colour and bold by escape sequences.
    case coloured

    /// A line of headings.
    package func heading(_ text: String) -> String { wrap(text, "1") }
    /// Something that is as it should be.
    package func good(_ text: String) -> String { wrap(text, "32") }
    /// Something that is not as it should be.
    package func bad(_ text: String) -> String { wrap(text, "1;31") }
    /// Something that needs no attention.
    package func faint(_ text: String) -> String { wrap(text, "2") }

    private func wrap(_ text: String, _ code: String) -> String {
        self == .coloured && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}

extension Style {
    /// A word that judges, set apart when colour is wanted.
    package func verdict(_ word: String, isGood: Bool) -> String {
        isGood ? good(word) : bad(word)
    }
}
