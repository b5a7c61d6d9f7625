import TestSupport
import Testing

@Suite("Colour of deploystats")
struct DeployStatsColourTests {
    private static let green = "\u{1b}[32mPASS\u{1b}[0m"

    /// On a terminal: options, `TERM`, `NO_COLOR`, and whether there is colour then.
    private static let cases: [([String], String?, String?, Bool)] = [
        ([], "xterm", nil, true), ([], nil, nil, true), ([], "xterm", "", true),
        ([], "xterm", "1", false), ([], "dumb", nil, false), ([], "dumb", "1", false),
        (["--color", "always"], "dumb", "1", true), (["--color", "never"], "xterm", nil, false),
        (["--color", "auto"], "xterm", "1", false),
    ]

    @Test(arguments: cases)
    func `colour on a terminal follows --color, then NO_COLOR, then TERM`(
        options: [String], term: String?, noColor: String?, isColoured: Bool
    ) throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let terminal = try PseudoTerminal(
            [BuiltTool.path("deploystats")] + options,
            environment: fixture.environment(["TERM": term, "NO_COLOR": noColor]))
        #expect(terminal.finish() == 0)
        let screen = terminal.screen
        #expect(screen.contains("Skip rate"))
        #expect(screen.contains(isColoured ? Self.green : " PASS "))
        #expect(screen.contains("\u{1b}") == isColoured)
    }

    @Test func `colour without a terminal requires --color always`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let environment = fixture.environment(["TERM": "xterm", "NO_COLOR": nil])
        let tool = BuiltTool.path("deploystats")
        let plain = try ChildProcess.run([tool], environment: environment)
        #expect(!plain.output.contains("\u{1b}"))
        let coloured = try ChildProcess.run(
            [tool, "--color", "always"], environment: environment)
        #expect(coloured.output.contains(Self.green))
    }
}
