import ArgumentParser
import JSON
import Ledger
import Queries
import Reporting
import SystemCalls
import Wording

/// `deploystats deployments`.
struct DeploymentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deployments",
        abstract: "The newest deployments, newest first.",
        discussion: """
            With --since or --until those that were under way at some time in the window; of all \
            times otherwise.
            """)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many; 0 for all.", valueName: "count"))
    var limit: Int64 = 20

    @OptionGroup(title: "Window")
    var window: WindowOptions

    @OptionGroup(title: "Filters")
    var filters: FilterOptions

    @OptionGroup(title: "Output")
    var output: OutputOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func validate() throws {
        if limit < 0 { throw ValidationError("--limit must not be negative; 0 shows all") }
    }

    func run() throws {
        let now = Instant(microseconds: Clock.wallMicroseconds())
        let window = try window.windowIfGiven(now: now)
        let reader = try ledger.open()
        let list = try Failure.wrap {
            try DeploymentList(
                reader.connection, window: window, filter: filters.filter,
                limit: limit == 0 ? nil : limit)
        }
        switch output.format {
        case .json:
            let report = JSONValue.object([
                ("window", window.json), ("filter", filters.filter.json),
                ("truncated", .bool(list.isCut)), ("deployments", .array(list.table.objects)),
            ])
            try Output.print(report.indented + "\n")
        case .ndjson: try Output.print(list.table.objects.map { $0.line + "\n" }.joined())
        case .csv: try Output.print(CSVRenderer.standard.render(list.table))
        case .markdown:
            try Output.print(MarkdownRenderer(zone: window.zone).render(list.summary))
        case .table: try Output.print(text(list, window))
        }
        try SpoolNotice.say(ledger.settings(), as: output.format)
    }

    private func text(_ list: DeploymentList, _ window: PartialWindow) -> String {
        var about = window.text
        if !filters.filter.isEmpty { about += "; only \(filters.filter.text)" }
        about = about.escapedForTerminal
        if list.summary.rows.isEmpty { return "No deployments (\(about)).\n" }
        let renderer = TextRenderer(zone: window.zone, style: output.style)
        let more = list.isCut ? "; there are older ones, --limit shows more" : ""
        return renderer.render(list.summary) + "\n"
            + Counted.text(list.summary.rows.count, "deployment") + " (\(about))\(more)\n"
    }
}
