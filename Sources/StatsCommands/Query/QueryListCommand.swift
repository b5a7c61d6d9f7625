import ArgumentParser
import CommandSupport
import JSONOutput
import Reporting

/// `deploystats query list`.
struct QueryListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "All queries, with what they take and what they answer.")

    @OptionGroup(title: "Queries")
    var library: LibraryOptions

    @OptionGroup(title: "Output")
    var output: OutputOptions

    func run() throws {
        let (entries, unusable) = try library.library().all()
        let table = Table(
            columns: [
                .init("name", title: "NAME"), .init("parameters", title: "VALUES", widest: 40),
                .init("title", title: "WHAT IT ANSWERS", widest: 70),
                .init("file", title: "FILE", widest: 50),
            ],
            rows: entries.map { entry in
                let query = entry.query
                let usage = query.parameters.map(\.usage).joined(separator: " ")
                return [
                    .text(query.name), usage.isEmpty ? .none : .text(usage), .text(query.title),
                    entry.path.map { .text($0) } ?? .none,
                ]
            })
        switch output.format {
        case .json: try Output.print(JSONValue.array(table.objects).indented + "\n")
        case .ndjson: try Output.print(table.objects.map { $0.line + "\n" }.joined())
        case .csv: try Output.print(CSVRenderer().render(table))
        case .markdown: try Output.print(MarkdownRenderer(zone: .utc).render(table))
        case .table:
            let hasFiles = entries.contains { $0.path != nil }
            let shown = hasFiles ? table : table.droppingLastColumn
            try Output.print(TextRenderer(zone: .utc, style: output.style).render(shown))
        }
        for file in unusable {
            Terminal.complain("deploystats: \(file.path) is no query: \(file.reason)")
        }
    }
}
