import CommandSupport
import Testing

@Suite struct TerminalTests {
    @Test func controlCharactersAreShownAndNotObeyed() {
        #expect(Terminal.escaped("a\u{1b}[31mb\r\n") == "a\\u{1b}[31mb\\u{d}\\u{a}")
        #expect(Terminal.escaped("x\u{202e}y\u{2028}z") == "x\\u{202e}y\\u{2028}z")
        #expect(Terminal.escaped("naïve 日本 🚀") == "naïve 日本 🚀")
    }

    @Test func longTextIsCutVisibly() {
        #expect(Terminal.shortened("abcdef", to: 6) == "abcdef")
        #expect(Terminal.shortened("abcdefg", to: 6) == "abcde…")
    }
}
