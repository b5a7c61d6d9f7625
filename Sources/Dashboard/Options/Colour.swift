/// A colour in the words of a style sheet, such as `#c2262f`.
package struct Colour: Hashable, Sendable {
    let text: String

    /// Three or six hexadecimal digits behind a number sign; nil for anything else.
    package init?(_ text: String) {
        guard text.first == "#", [4, 7].contains(text.utf8.count),
            text.dropFirst().allSatisfy({ $0.isASCII && $0.isHexDigit })
        else { return nil }
        self.text = text
    }
}
