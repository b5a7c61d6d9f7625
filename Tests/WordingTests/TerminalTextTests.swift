import Testing
import Wording

@Suite("Text from outside on a terminal")
struct TerminalTextTests {
    @Test(
        arguments: [
            ("plain ünïcode 漢字 🚀", "plain ünïcode 漢字 🚀"),
            ("\u{1b}[31mred\u{7}", "\\e[31mred\\u{7}"), ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("a\r\nb", "a\\r\\nb"), ("\u{9b}31m", "\\u{9b}31m"), ("x\u{202e}y", "x\\u{202e}y"),
            ("\u{2066}a\u{2069}", "\\u{2066}a\\u{2069}"), ("a\u{2028}b", "a\\u{2028}b"),
            ("\u{feff}\u{200b}", "\\u{feff}\\u{200b}"), ("\u{7f}", "\\u{7f}"),
            ("👩\u{200d}🚒", "👩\u{200d}🚒"),
        ]
    )
    func `nothing reaches a terminal that acts on it or misleads its reader`(
        text: String, expected: String
    ) {
        #expect(text.escapedForTerminal == expected)
    }

    @Test(
        arguments: [
            ("", 0), ("abc", 3), ("漢字", 4), ("e\u{301}", 1), ("👩\u{200d}🚒", 2), ("❤\u{fe0f}", 2),
        ]
    )
    func `wide and combined characters are as wide as they are drawn`(text: String, columns: Int) {
        #expect(text.columnWidth == columns)
    }

    @Test(
        arguments: [
            ("abcdef", "abcdef"), ("abcdefg", "abcde…"), ("漢字漢", "漢字漢"),
            ("漢字漢字", "漢字…"), ("a漢字漢字", "a漢字…"),
        ]
    )
    func `long text is cut visibly`(text: String, expected: String) {
        #expect(text.shortened(toColumns: 6) == expected)
    }
}
