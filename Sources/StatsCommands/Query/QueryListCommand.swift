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
        let isTerminal = StandardOutput.isTerminal
        let table = Table(
            columns: [
                .init("name", title: "NAME"),
                .init("parameters", title: "VALUES", widest: isTerminal ? 40 : nil),
                .init("title", title: "WHAT IT ANSWERS", widest: isTerminal ? 70 : nil),
                .init("file", title: "FILE", widest: isTerminal ? 50 : nil),
                .init("used_by", title: "USED BY"),
            ],
            rows: entries.map { entry in
                let query = entry.query
                let usage = query.parameters.map(\.usage).joined(separator: " ")
                return [
                    .text(query.name), usage.isEmpty ? .none : .text(usage), .text(query.title),
                    entry.path.map { .text($0) } ?? .none, query.usedBy.map { .text($0) } ?? .none,
                ]
            })
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
