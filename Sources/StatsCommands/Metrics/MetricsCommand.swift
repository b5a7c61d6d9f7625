import ArgumentParser
import CommandSupport
import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import Status
import SystemCalls
import Wording

/// The formats metrics can have.
enum MetricsFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, ndjson, csv, markdown, prometheus, openmetrics

    /// The format for monitoring systems; nil when it is one for people and programs.
    var exposition: Exposition? {
        switch self {
        case .prometheus: .prometheus
        case .openmetrics: .openMetrics
        case .table, .json, .ndjson, .csv, .markdown: nil
        }
    }
}

/// `deploystats metrics`.
struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Show the metrics of a window with targets and verdicts (the default).",
        discussion: """
            A deployment counts in the window in which the measured interval ends; deployments in \
            flight are shown separately and not counted. Percentiles are nearest rank. The verdict \
            uses p95 with 20 or more values, the maximum with fewer. n/a: nothing was measured.

            --format prometheus and openmetrics print counters and histograms over the whole \
            ledger and the present state of the lock, for a monitoring system:

              deploystats metrics --format prometheus --output /srv/metrics/deploy.prom
            """)

    @OptionGroup(title: "Window")
    var window: WindowOptions

    @OptionGroup(title: "Filters")
    var filters: FilterOptions

    @Option(help: "The format of the report.")
    var format = MetricsFormat.table

    @OptionGroup(title: "Output")
    var colour: ColourOptions

    @OptionGroup(title: "For monitoring systems")
    var exposition: ExpositionOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func validate() throws {
        if format.exposition == nil {
            if exposition.isGiven {
                throw ValidationError(
                    "--output, --lock-file and --label require --format prometheus or openmetrics")
            }
        } else if window.isGiven || !filters.filter.isEmpty {
            throw ValidationError(
                "--format \(format.rawValue) covers the whole ledger and the present; it takes "
                    + "neither a window nor filters")
        }
    }

    func run() throws {
        if let kind = format.exposition {
            return try exposition.write(kind, of: ledger)
        }
        let work = LongWork("reading deployments")
        let now = Instant(microseconds: Clock.wallMicroseconds())
        let window = try window.window(now: now)
        let configuration = try Configuration.forCommand()
        let targets = try Failure.mistakes { try Targets.configured(configuration) }
        let settings = try ledger.settings(configuration)
        let reader = try settings.open()
        let report = try work.read(reader) {
            try MetricsReport(
                reader.connection, window: window, filter: filters.filter, now: now,
                targets: targets, isDead: Liveness.isDead)
        }
        try OutputFormat(rawValue: format.rawValue)?.print(
            LedgerMetrics(report: report, path: reader.path), in: window.zone, colour.style,
            notices: Notices.interruptions(reader, in: window) + Notices.spool(settings),
            notes: Notices.filter(filters.filter, reader))
    }
}

/// The metrics with the ledger they are of.
private struct LedgerMetrics: Printable {
    let report: MetricsReport
    let path: String

    var json: JSONValue { report.json }
    var table: Table { report.table }
    var lines: [JSONValue] { report.metrics.map(\.json) }

    func markdown(_ renderer: MarkdownRenderer) -> String { MetricsText().markdown(report) }

    func text(_ renderer: TextRenderer) -> String {
        MetricsText(style: renderer.style).render(report) + "File: \(path.escapedForTerminal)\n"
            + (report.coverage.deployments > 0
                ? "" : "No deployments yet; wrap one: deploy-with-lock -- <command>\n")
    }
}
