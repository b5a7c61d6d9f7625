import Queries
import Reporting
import Testing

@Suite("Markdown")
struct MarkdownTests {
    @Test(
        arguments: [
            ("a|b", "a\\|b"), ("<b>&", "&lt;b&gt;&amp;"), ("two\nlines", "two\\\\nlines"),
            ("`x` *y* _z_ ~~s~~", "\\`x\\` \\*y\\* \\_z\\_ \\~\\~s\\~\\~"),
            ("[a](http://x)", "\\[a\\](http://x)"), ("\u{1b}[31m", "\\\\e\\[31m"),
            ("$x$", "\\$x\\$"), ("漢字 e\u{301}", "漢字 e\u{301}"), ("c:\\d", "c:\\\\d"),
        ]
    )
    func `text stays text, also inside a table`(text: String, expected: String) {
        #expect(MarkdownText.escaped(text) == expected)
    }

    @Test func `a table has a heading, numbers to the right, and a line for each row`() {
        let table = Table(
            columns: [
                .init("n", title: "NO."), .init("t", title: "A|B"), .init("d", title: "RAN"),
            ],
            rows: [
                [.integer(7), .text("x|\ny"), .duration(1_500_000)],
                [.none, .words(["echo", "a b"]), .none],
            ])
        let expected = #"""
            | NO. | A\|B | RAN |
            | ---: | --- | ---: |
            | 7 | x\|\\ny | 1.5s |
            | - | echo 'a b' | - |

            """#
        #expect(MarkdownRenderer(zone: .utc).render(table) == expected)
    }
}
