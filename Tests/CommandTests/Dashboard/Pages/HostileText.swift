import TestSupport
import Testing

/// Text that somebody may put into each field of a deployment to act on who looks at it.
enum HostileText {
    /// Each of the signs of HTML followed by each of the marks that make one character of both.
    static let pairs = ["\"", "<", "'", "&"].flatMap { sign in
        ["\u{301}", "\u{FE0F}", "\u{200D}", "\u{20E3}"].map { sign + $0 }
    }
    static let text =
        "x" + pairs.joined() + "<script>alert(1)</script>\" onmouseover=alert(1) '\u{202E}"

    /// The fields of a deployment that people fill.
    static let fields = [
        "--sha", text, "--ref", text, "--tier", text, "--source", text, "--actor", text,
        "--message", text, "--run-url", "javascript:" + text, "--batch-key", text,
    ]

    /// As an address has it.
    static func encoded(_ text: String) -> String {
        text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Expects that nothing of it acts.
    static func expectHarmless(_ page: String, _ path: String) {
        let bytes = Array(page.utf8)
        for pair in pairs {
            #expect(bytes.firstRange(of: Array(pair.utf8)) == nil, "\(path): \(pair)")
        }
        #expect(!page.contains("<script>alert"), "\(path)")
        #expect(bytes.firstRange(of: Array("\u{202E}".utf8)) == nil, "\(path): a direction mark")
    }

    /// Whether the text is there at all.
    static func isShown(_ page: String) -> Bool {
        Array(page.utf8).firstRange(of: Array("&quot;\u{301}".utf8)) != nil
    }
}
