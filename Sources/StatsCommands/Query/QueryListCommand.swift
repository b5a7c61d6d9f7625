import ArgumentParser
import CommandSupport
import JSON
import Queries
import Reporting

/// `deploystats query list`.
struct QueryListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The queries for people, with what they take and what they answer.")

    @Flag(help: "List those that other commands use, too.")
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
        let table = Table(
            columns: [
                .init("name", title: "NAME"), .init("parameters", title: "VALUES", widest: 40),
                .init("title", title: "WHAT IT ANSWERS", widest: 70),
                .init("file", title: "FILE", widest: 50),
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
        switch output.format {
        case .json: try Output.print(JSONValue.array(table.objects).indented + "\n")
        case .ndjson: try Output.print(table.objects.map { $0.line + "\n" }.joined())
        case .csv: try Output.print(CSVRenderer.standard.render(table))
        case .markdown: try Output.print(MarkdownRenderer(zone: .utc).render(table))
        case .table:
            let shown = table.withoutEmpty("file").withoutEmpty("used_by")
            let text = TextRenderer(zone: .utc, style: output.style).render(shown)
            let hidden = known.count - entries.count
            let more = hidden > 0 ? "\n\(hidden) more that other commands ask: --all\n" : ""
            try Output.print(text + more)
        }
        for file in unusable {
            Terminal.complain("deploystats: \(file.path) is no query: \(file.reason)")
        }
    }
}
