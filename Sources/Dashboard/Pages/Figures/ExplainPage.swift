import DeploymentMetrics
import Hummingbird
import Ledger
import Queries
import Reporting
import Status
import Wording

/// Why a figure came out as it did.
struct ExplainPage: Sendable {
    let site: Site
    let request: PageRequest
    let metric: Metric.Name

    /// - Throws: `Problem`, where no metric has that name.
    init(_ site: Site, _ request: PageRequest, _ name: String) throws {
        self.site = site
        self.request = request
        guard let metric = Metric.Name(rawValue: name.replacing("-", with: "_")) else {
            throw Problem.notFound(
                "unknown metric '\(name.escapedForTerminal)'; use one of: "
                    + Metric.Name.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.metric = metric
    }

    /// No more rows are on one page; the command line shows all.
    private static let most = 500

    func response() async throws -> Response {
        let (metric, request, targets) = (metric, request, site.options.targets)
        let selection = try Selection(AddressQuery(request.query), zone: request.zone)
        let window = try selection.window(now: request.now)
        let explanation = try await site.ledger.read(.queries) { reader in
            try Explanation(
                metric, reader.connection, window: window, filter: selection.filter,
                now: request.now, targets: targets, isDead: Liveness.isDead)
        }
        let body = try PageTemplates.html("explain.html", values(explanation))
        return try PageFrame(site: site, request: request).response(
            Page(
                title: explanation.metrics.first?.label ?? metric.rawValue, body: body,
                place: .elsewhere, command: command))
    }

    private var command: String {
        RecentChoice.command(["explain", metric.rawValue.replacing("_", with: "-")], request)
    }

    private func values(_ explanation: Explanation) -> [String: TemplateValue] {
        let table = explanation.table
        // The newest are behind the oldest.
        let shown = Table(columns: table.columns, rows: table.rows.suffix(Self.most).reversed())
        let others = Metric.Name.allCases.filter { $0 != metric }.map { name -> TemplateValue in
            .link(
                OutcomeKind.words(name.rawValue),
                to: request.links.to(["super-admin", "metrics", name.rawValue]))
        }
        return [
            "title": .text(OutcomeKind.words(metric.rawValue)),
            "window": .text(explanation.window.text), "totals": .text(explanation.totals),
            "metrics": .list(explanation.metrics.map(figure)),
            "table": .object(
                PageTable(links: request.links, zone: request.zone)
                    .values(shown, title: "Deployments", hiding: ["id", "lock", "censored"])),
            "is_cut": .flag(table.rows.count > Self.most), "shown": .count(shown.rows.count),
            "total": .count(table.rows.count), "others": .list(others),
        ]
    }

    private func figure(_ metric: Metric) -> TemplateValue {
        [
            "label": .text(metric.label), "verdict": .text(metric.verdict),
            "kind": .text(MetricsPart.kind(metric.status)),
            "value": .text(metric.statedValue), "target": .text(metric.targetText),
            "n": .number(metric.n), "ratio": .text(metric.ratioText),
            "notes": .texts(metric.notes.map(\.escapedForTerminal)),
        ]
    }
}
