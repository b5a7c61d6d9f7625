import DeploymentMetrics
import Hummingbird
import Ledger
import Queries
import Reporting
import Status
import Wording

/// The report of a week.
struct ReportPage: Sendable {
    let site: Site
    let request: PageRequest

    func response() async throws -> Response {
        let (request, targets) = (request, site.options.targets)
        let report: PeriodReport
        do {
            report = try await site.ledger.read(.queries) { reader in
                let first = try Coverage(reader.connection).first
                let period =
                    try request["week"].map {
                        try ReportPeriod(week: $0, zone: request.zone, now: request.now)
                    } ?? ReportPeriod(usualIn: request.zone, since: first, now: request.now)
                return try PeriodReport(
                    reader.connection, period: period, filter: ReportFilter(), targets: targets,
                    notices: [], isDead: Liveness.isDead)
            }
        } catch let error as TimeError {
            throw Problem.badRequest("week: \(error)")
        }
        let period = report.period
        let body = try PageTemplates.html(
            "report.html",
            [
                "title": .text(period.title), "subtitle": .text(period.subtitle),
                "report": .text(
                    try ReportTemplate.body().render(report, links: links)),
                "weeks": .list(try weeks(period)),
            ])
        return try PageFrame(site: site, request: request).response(
            Page(
                title: "Report \(period.title)", body: body, place: .report,
                command: ShellText.quoted(
                    ["deploystats", "report", "--week", period.label, "--tz", request.zone.name])))
    }

    /// The last weeks, and the one before what is shown.
    private func weeks(_ period: ReportPeriod) throws -> [TemplateValue] {
        let recent = try ReportPeriod(week: "this-week", zone: request.zone, now: request.now)
            .trendWeeks.map { request.zone.date(at: $0.since).weekLabel }
        let shown = recent.contains(period.label) ? recent : [period.label] + recent
        let earlier = period.previousLabel
        return ((shown.contains(earlier) ? [] : [earlier]) + shown).map { label in
            [
                "text": .text(label), "is_current": .flag(label == period.label),
                "href": .text(request.links.to(["super-admin", "report"], [("week", label)])),
            ]
        }
    }

    /// Numbers and commits lead to their pages.
    private var links: LinkTemplates {
        func address(_ address: String) -> String {
            address.replacing("%7B", with: "{").replacing("%7D", with: "}")
        }
        return LinkTemplates(
            commit: address(request.links.commit("{sha}")),
            deployment: address(request.links.deployment("{number}")))
    }
}
