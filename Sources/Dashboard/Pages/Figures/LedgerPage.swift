import DeploymentMetrics
import Hummingbird
import Ledger
import Queries
import Reporting
import Status
import Wording

/// The ledger itself: its head, whether it is as it was written, and what waits beside it.
struct LedgerPage: Sendable {
    let site: Site
    let request: PageRequest

    func response() async throws -> Response {
        let now = await site.live.current()
        let body = try PageTemplates.html("ledger.html", values(now.situation))
        return try PageFrame(site: site, request: request).response(
            Page(
                title: "Ledger", body: body, place: .ledger,
                command: ShellText.quoted(
                    ["deploystats", "verify", "--ledger", site.options.ledger.path])))
    }

    private func values(_ now: Situation) -> [String: TemplateValue] {
        let times = TimeModel(zone: request.zone)
        let ledger = now.ledger
        let verification = ledger.verification
        let problems = verification?.problems ?? []
        return [
            "path": .outside(ledger.path), "id": .optional(ledger.id),
            "problem": .outside(ledger.problem), "is_missing": .flag(ledger.isMissing),
            "head": .optional(ledger.head?.description),
            "newest": times.moment(ledger.newestEvent),
            "counts": .optional(
                ledger.metrics.map { metrics in
                    PluralText.text(metrics.coverage.deployments, "deployment") + ", "
                        + PluralText.text(metrics.coverage.events, "event")
                }),
            "first": times.moment(ledger.metrics?.coverage.first),
            "is_verified": .flag(verification != nil && problems.isEmpty),
            "is_damaged": .flag(!problems.isEmpty),
            "problems": .texts(problems.map(\.escapedForTerminal)),
            "scope": .optional(verification?.scope), "checked": times.moment(ledger.at),
            "waiting": .text(PluralText.text(now.spool.waiting, "event is", "events are")),
            "set_aside": .text(PluralText.text(now.spool.setAside, "file was", "files were")),
            "is_spooled": .flag(now.spool.waiting > 0 || now.spool.setAside > 0),
            "spools": .texts(now.look.spools.map(\.escapedForTerminal)),
            "interruptions": .texts(ledger.interruptions.map(\.escapedForTerminal)),
            "has_interruptions": .flag(!ledger.interruptions.isEmpty),
        ]
    }
}
