import ArgumentParser
import Ledger
import Queries
import SQLite

/// `deploystats sql`.
struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Query the ledger in SQL (read-only).",
        discussion: """
            One statement: SELECT, VALUES, WITH or EXPLAIN. The tables are event, event_detail and \
            deployment; times are UTC microseconds since 1970 (columns ending in _us); \
            datetime(ended_at_us / 1e6, 'unixepoch') makes them readable.

              deploystats sql 'SELECT outcome, count(*) FROM deployment GROUP BY 1'
            """)

    @Argument(
        help: ArgumentHelp("The statement; - reads it from standard input.", valueName: "sql"))
    var statement: String

    @OptionGroup(title: "Output")
    var rows: RowOptions

    @OptionGroup(title: "Output")
    var output: RowOutputOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func run() throws {
        var text = statement
        if statement == "-" {
            text = ""
            while let line = readLine(strippingNewline: false) { text += line }
        }
        let settings = try ledger.settings()
        let reader = try settings.openOnlyForReading()
        AnswerLimit.restrictMemory()
        try rows.print(
            NamedQuery(statement: text), [:], on: reader.connection, about: [], title: "Rows", .utc,
            output)
        try Notices.say(Notices.spool(settings), belowTable: output.format.isForPeople)
    }
}
