import TestSupport
import Testing

/// Tables of any width, where people read them.
@Suite struct WideTableTests {
    private static let sql = """
        SELECT number AS n, 'a long enough text' AS words, 217.089109886 AS median, NULL AS missing
        FROM deployment
        """

    private func onTerminal(_ fixture: Fixture, _ columns: Int, _ words: [String]) throws -> String
    {
        let terminal = try PseudoTerminal(
            [BuiltTool.path("deploystats")] + words,
            environment: fixture.environment(["TERM": "xterm", "COLUMNS": "\(columns)"]))
        #expect(terminal.finish() == 0)
        return terminal.screen.replacing("\r\n", with: "\n").replacing("\u{1b}[1m", with: "")
            .replacing("\u{1b}[0m", with: "")
    }

    @Test func `a table that does not fit the terminal turns vertical`() throws {
        let fixture = try Fixture()
        for _ in 0..<2 { #expect(try fixture.run(["true"]).code == 0) }
        try fixture.settle()
        let table = """
            N  WORDS               MEDIAN  MISSING
            1  a long enough text  217.09  -
            2  a long enough text  217.09  -
            """
        let blocks = """
            N        1
            WORDS    a long enough text
            MEDIAN   217.09

            N        2
            WORDS    a long enough text
            MEDIAN   217.09
            """
        #expect(try onTerminal(fixture, 100, ["sql", Self.sql]).hasPrefix(table))
        #expect(try onTerminal(fixture, 30, ["sql", Self.sql]).hasPrefix(blocks))
        #expect(
            try onTerminal(fixture, 100, ["sql", Self.sql, "--format", "vertical"]).hasPrefix(
                blocks))
        // A pipe gets the table, whatever its width.
        let piped = try fixture.stats("sql", Self.sql, environment: ["COLUMNS": "30"])
        #expect(piped.output.hasPrefix(table))
        let asked = try fixture.stats("sql", Self.sql, "--format", "vertical")
        #expect(asked.output.hasPrefix(blocks) && asked.output.contains("2 rows; times in UTC"))
        let exact = try fixture.stats("sql", Self.sql, "--format", "csv")
        #expect(exact.output.contains("217.089109886"))
    }
}
