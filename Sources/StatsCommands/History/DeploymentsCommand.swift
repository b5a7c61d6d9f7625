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
        abstract: "List deployments, newest first.",
        discussion: """
            With --since or --until: those that were in progress at some time in the window.
            """)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Show at most this many; 0 for all.", valueName: "count"))
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
        let settings = try ledger.settings()
        let reader = try settings.open()
        let list = try Failure.wrap {
            try DeploymentList(
                reader.connection, window: window, filter: filters.filter,
                limit: limit == 0 ? nil : limit)
        }
        try output.print(
            ListedDeployments(list: list, window: window, filter: filters.filter),
            in: window.zone, notices: Notices.spool(settings),
            notes: Notices.filter(filters.filter, reader))
    }
}

/// Deployments with what they were selected by.
private struct ListedDeployments: Printable {
    let list: DeploymentList
    let window: PartialWindow
    let filter: ReportFilter

    var table: Table { list.table }

    var json: JSONValue { list.json(window, filter) }

    func markdown(_ renderer: MarkdownRenderer) -> String { renderer.render(list.summary) }

    func text(_ renderer: TextRenderer) -> String {
        let about = window.text(filter)
        if list.summary.rows.isEmpty { return "No deployments (\(about)).\n" }
        let before = list.oldest.map { "--until \($0.rfc3339) shows the next, " } ?? ""
        let more = list.isCut ? "; older ones exist, \(before)--limit shows more" : ""
        return renderer.render(list.summary) + "\n"
            + PluralText.text(list.summary.rows.count, "deployment") + " (\(about))\(more)\n"
    }
}
