import ArgumentParser
import CommandSupport
import JSON
import Ledger
import DeploymentMetrics
import Queries
import Status
import SystemCalls
import Wording

/// `deploystats explain`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain a metric: which deployments count, and why.",
        discussion: """
            Lists every deployment that ended or left the queue in the window, was in the queue at \
            its end or is in flight, with whether the metric counts it (a rate's denominator, or \
            n), whether it is in the numerator, and why. The totals are the metric's own.
            """)

    @Argument(
        help: ArgumentHelp(
            "The metric, with dashes or underscores: \(Self.names).", valueName: "metric"),
        completion: .list(Metric.Name.allCases.map { $0.rawValue.replacing("_", with: "-") }),
        transform: Self.metric)
    var metric: Metric.Name

    private static let names = Metric.Name.allCases.map(\.rawValue).joined(separator: ", ")

    private static func metric(_ text: String) throws -> Metric.Name {
        let name = String(text.map { $0 == "-" ? "_" : $0 })
        guard let metric = Metric.Name(rawValue: name) else {
            throw ValidationError(
                "unknown metric '\(text)'; use one of: \(names)"
                    + NearMiss.question(text, among: Metric.Name.allCases.map(\.rawValue)))
        }
        return metric
    }

    @OptionGroup(title: "Window")
    var window: WindowOptions

    @OptionGroup(title: "Filters")
    var filters: FilterOptions

    @OptionGroup(title: "Output")
    var output: OutputOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func run() throws {
        let work = LongWork("reading deployments")
        let now = Instant(microseconds: Clock.wallMicroseconds())
        let window = try window.window(now: now)
        let configuration = try Configuration.forCommand()
        let targets = try Failure.mistakes { try Targets.configured(configuration) }
        let settings = try ledger.settings(configuration)
        let reader = try settings.open()
        let explanation = try work.read(reader) {
            try Explanation(
                metric, reader.connection, window: window, filter: filters.filter, now: now,
                targets: targets, isDead: Liveness.isDead)
        }
        try output.print(
            ExplainedMetric(explanation: explanation, filter: filters.filter), in: window.zone,
            notices: Notices.spool(settings), notes: Notices.filter(filters.filter, reader))
    }
}

/// An explanation with what it is about.
private struct ExplainedMetric: Printable {
    let explanation: Explanation
    let filter: ReportFilter

    var json: JSONValue { explanation.json }
    var table: Table { explanation.table }

    func markdown(_ renderer: MarkdownRenderer) -> String { renderer.render(explanation.summary) }

    func text(_ renderer: TextRenderer) -> String {
        var text = MetricsText(style: renderer.style).render(explanation.metrics) + "\n"
        text += explanation.deployments.isEmpty ? "" : renderer.render(explanation.summary) + "\n"
        text += explanation.totals + "\n" + explanation.window.text
        if !filter.isEmpty { text += "; only \(filter.text.escapedForTerminal)" }
        return text + "\n"
    }
}
