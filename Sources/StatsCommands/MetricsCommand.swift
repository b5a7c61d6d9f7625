import ArgumentParser
import JSONOutput
import Ledger
import Reporting
import SystemCalls
import Wording

/// `deploystats metrics`.
struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "The six metrics of a window with targets and verdicts (the default).",
        discussion: """
            A deployment counts in the window in which what is measured ends; what is in flight is \
            shown beside the figures, never inside. Percentiles are nearest rank. The verdict \
            rests on p95 from 20 values on, on the maximum below that. n/a: nothing was measured.
            """)

    @OptionGroup(title: "Window")
    var window: WindowOptions

    @OptionGroup(title: "Filters")
    var filters: FilterOptions

    @OptionGroup(title: "Output")
    var output: OutputOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func run() throws {
        let now = Instant(microseconds: Clock.wallMicroseconds())
        let window = try window.window(now: now)
        let settings = try ledger.settings()
        let reader = try ledger.open()
        let report = try Failure.wrap {
            try MetricsReport(
                reader.connection, window: window, filter: filters.filter, now: now,
                isDead: Liveness.isDead)
        }
        switch output.format {
        case .json: try Output.print(report.json.indented + "\n")
        case .ndjson:
            try Output.print(report.metrics.map { $0.json.line + "\n" }.joined())
        case .csv: try Output.print(CSVRenderer().render(report.table))
        case .markdown: try Output.print(MetricsText().markdown(report))
        case .table:
            var text = MetricsText(style: output.style).render(report)
            text += "File: \(reader.path.escapedForTerminal)\n"
            if report.coverage.deployments == 0 {
                text += "There are no deployments yet; wrap one: deploy-with-lock -- <command>\n"
            }
            try Output.print(text)
        }
        try SpoolNotice.say(settings, as: output.format)
    }
}
