import ArgumentParser
import CommandSupport
import JSON
import Queries
import Reporting

/// `deploystats query list`.
struct QueryListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the queries with their values and what they answer.")

    @Flag(help: "Include those that other commands use.")
    var all = false

    @OptionGroup(title: "Queries")
    var library: LibraryOptions

    @OptionGroup(title: "Output")
    var output: OutputOptions

    func run() throws {
        let (known, unusable) = try library.library().all()
        let entries =
            known.filter { $0.query.usedBy == nil }
            + (all ? known.filter { $0.query.usedBy != nil } : [])
        // A pipe gets the texts whole.
        let table = QueryLibrary.table(entries, isNarrow: StandardOutput.isTerminal)
        try output.print(ListedQueries(table: table, hidden: known.count - entries.count))
        for file in unusable {
            Terminal.complain("deploystats: \(file.path) is not a query: \(file.reason)")
        }
    }
}

/// Queries with how many were left out.
private struct ListedQueries: Printable {
    let table: Table
    let hidden: Int

    var json: JSONValue { .object([("queries", .array(lines))]) }

    func text(_ renderer: TextRenderer) -> String {
        let shown = table.withoutEmpty("file").withoutEmpty("used_by")
        return renderer.render(shown)
            + (hidden > 0 ? "\n\(hidden) more are used by other commands; --all lists them\n" : "")
    }
}
