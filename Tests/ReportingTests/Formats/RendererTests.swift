import JSON
import Queries
import Reporting
import Testing

@Suite("Renderers")
struct RendererTests {
    private let table = Table(
        columns: [
            .init("number", title: "NO."), .init("asked_at", title: "ASKED"),
            .init("wait_seconds", title: "WAITED"), .init("actor", title: "BY", widest: 8),
            .init("command", title: "COMMAND"),
        ],
        rows: [
            [
                .integer(7), .time(Instant(microseconds: 1_789_740_187_250_000)),
                .duration(1_500_000), .text("ann"), .words(["echo", "it's \"on\""]),
            ],
            [.integer(12), .none, .none, .text("a very long name"), .words(["=cmd", "a,b"])],
        ])

    @Test func `text is aligned, numbers at their ends, and cut where a column is narrow`() {
        let expected = """
            NO.  ASKED                WAITED  BY        COMMAND
              7  2026-09-18 14:03:07    1.5s  ann       echo 'it'\\''s "on"'
             12  -                         -  a very …  '=cmd' a,b

            """
        #expect(TextRenderer(zone: .utc).render(table) == expected)
    }

    @Test func `on a terminal a command is cut to make a table fit, or the table turns vertical`() {
        let renderer = TextRenderer(zone: .utc)
        let table = Table(
            columns: [
                .init("number", title: "NO."), .init("command", title: "COMMAND", widest: 60),
            ],
            rows: [
                [.integer(7), .words(["docker", "compose", "up", "-d", "web", "api"])],
                [.none, .words(["true"])],
            ])
        #expect(renderer.render(table, fittingColumns: 36) == renderer.render(table))
        let cut = """
            NO.  COMMAND
              7  docker compose up -d web…
              -  true

            """
        #expect(renderer.render(table, fittingColumns: 30) == cut)
        let vertical = """
            NO.      7
            COMMAND  docker compose up -d web api

            COMMAND  true

            """
        #expect(renderer.render(table, fittingColumns: 24) == vertical)
        #expect(renderer.renderVertically(table) == vertical)
    }

    @Test(
        arguments: [
            (217.089109886, "217.09"), (1, "1"), (0, "0"), (0.5, "0.5"), (0.333333333, "0.333"),
            (0.0123456, "0.0123"), (-1.005001, "-1.01"), (2.999, "3"), (0.9999, "1"),
            (1e20, "1e+20"),
        ]
    )
    func `numbers are rounded for people`(number: Double, text: String) {
        let table = Table(columns: [.init("n", title: "N")], rows: [[.real(number)]])
        let line = TextRenderer(zone: .utc).render(table).split(separator: "\n")[1]
        #expect(line.drop { $0 == " " } == text)
    }

    @Test func `colour only sets the heading apart`() {
        let text = TextRenderer(zone: .utc, style: .coloured).render(table)
        #expect(text.hasPrefix("\u{1b}[1mNO.  ASKED"))
        #expect(text.split(separator: "\n").dropFirst().allSatisfy { !$0.contains("\u{1b}") })
    }

    @Test func `CSV has CRLF, base units, quotes where needed and no formulas`() {
        let expected =
            "number,asked_at,wait_seconds,actor,command\r\n"
            + "7,2026-09-18T14:03:07.250000Z,1.5,ann,\"echo 'it'\\''s \"\"on\"\"'\"\r\n"
            + "12,,,a very long name,\"'=cmd' a,b\"\r\n"
        #expect(CSVRenderer().render(table) == expected)
    }

    @Test(
        arguments: [
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"), ("a=1", "a=1"), ("\r=1", "\"'\r=1\""),
            ("\n=1", "\"'\n=1\""), ("＝1", "'＝1"), ("\u{feff}=1", "'\u{feff}=1"),
            ("\u{200b}", "\u{200b}"), ("a\r\nb", "\"a\r\nb\""),
        ]
    )
    func `a text that a spreadsheet would run stays text; numbers stay numbers`(
        text: String, expected: String
    ) {
        #expect(CSVRenderer().line([.text(text), .integer(-1)]) == expected + ",-1\r\n")
    }

    @Test func `JSON objects omit what does not apply`() {
        #expect(
            table.objects.map(\.line) == [
                #"{"number":7,"asked_at":"2026-09-18T14:03:07.250000Z","wait_seconds":1.5,"#
                    + #""actor":"ann","command":"echo 'it'\\''s \"on\"'","#
                    + #""argv":["echo","it's \"on\""]}"#,
                #"{"number":12,"actor":"a very long name","command":"'=cmd' a,b","#
                    + #""argv":["=cmd","a,b"]}"#,
            ])
    }

    @Test func `JSON numbers are exact and never infinite`() {
        let values: [JSONValue] = [
            .seconds(microseconds: 1), .seconds(microseconds: -1_500_000), .real(0.1),
            .real(1.0 / 3), .real(-2), .real(.nan), .real(-1e-12), .integer(.min),
        ]
        #expect(
            JSONValue.array(values).line
                == "[0.000001,-1.5,0.1,0.333333333,-2,null,0,-9223372036854775808]")
    }

    @Test func `indented JSON is the same JSON`() {
        let value = JSONValue.object([
            ("a", .array([.integer(1), .null])), ("b", .object([])), ("c", .array([])),
        ])
        #expect(
            value.indented == """
                {
                  "a": [
                    1,
                    null
                  ],
                  "b": {},
                  "c": []
                }
                """)
    }
}

@Suite("Text from outside")
struct OutsideTextTests {
    @Test func `JSON escapes the same characters`() {
        #expect(
            JSONValue.string("\u{1b}\u{202e}\"\\\u{e0001}\n").line
                == #""\u001b\u202e\"\\\udb40\udc01\n""#)
    }

    @Test func `wide and combined characters keep columns aligned`() {
        let table = Table(
            columns: [.init("a", title: "A"), .init("b", title: "B")],
            rows: ["漢字", "e\u{301}", "👩\u{200d}🚒", "abcd"].map { [.text($0), .text("|")] })
        let lines = TextRenderer(zone: .utc).render(table).split(separator: "\n")
        #expect(lines == ["A     B", "漢字  |", "e\u{301}     |", "👩\u{200d}🚒    |", "abcd  |"])
    }
}
