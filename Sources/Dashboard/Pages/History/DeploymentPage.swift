import CommandSupport
import DeployLock
import DeploymentMetrics
import HTTPTypes
import Hummingbird
import JSON
import Ledger
import Queries
import Reporting
import Status
import Wording

/// One deployment, event by event.
struct DeploymentPage: Sendable {
    let site: Site
    let request: PageRequest
    /// Its number, its id or the beginning of it.
    let name: String

    /// Everything the page shows, copied out of the ledger.
    private struct Told: Sendable {
        let story: DeploymentStory
        /// The ids of those in flight whose process is known to be gone.
        let dead: Set<String>
    }

    private enum Found: Sendable {
        case one(Told)
        case several([DeploymentLookup.Match])
    }

    func response() async throws -> Response {
        let found = try await find()
        switch found {
        case .several(let matches): return try choice(matches)
        case .one(let told):
            let html = try html(told, output: try await output(of: told.story))
            if request.fragment != nil { return PageFrame.response(html) }
            return try PageFrame(site: site, request: request).response(page(told, html))
        }
    }

    private func find() async throws -> Found {
        let (name, locks) = (name, LockPaths.recorded(request.all("lock")))
        return try await site.ledger.read { reader in
            let matches = try DeploymentLookup(name, locks: locks, on: reader.connection).matches
            guard let match = matches.first else {
                throw Problem.notFound(
                    "the ledger has no deployment '\(name)'".escapedForTerminal)
            }
            guard matches.count == 1 else { return .several(matches) }
            let story = try DeploymentStory(match, on: reader.connection)
            let isOpen =
                ["waiting", "running"].contains(match.state)
                || story.relations.delivery == .inFlight
            let dead =
                isOpen
                ? try InFlight(
                    reader.connection, filter: ReportFilter(), isDead: Liveness.isDead
                ).dead : []
            return .one(Told(story: story, dead: dead))
        }
    }

    /// The end of what it printed; nil when it is not shown.
    private func output(of story: DeploymentStory) async throws -> [String]? {
        guard site.options.showsLogs, let path = Self.logFile(story, site.live.now.situation) else {
            return nil
        }
        let longest = site.options.limits.queryUs
        return try await site.ledger.run(.queries) {
            KeptLog(recorded: path)?.tail(within: longest)
        }
    }

    /// Where its output is kept, while it runs and afterwards.
    private static func logFile(_ story: DeploymentStory, _ now: Situation) -> String? {
        if let release = story.release { return release.logFile }
        return now.locks.compactMap(\.holder).first { $0.deployment == story.deployment.id }?
            .facts.logFile
    }

    private func page(_ told: Told, _ html: String) throws -> Page {
        let deployment = told.story.deployment
        let title = deployment.number.map { "#\($0)" } ?? String(deployment.id.prefix(8))
        let body = try PageTemplates.html(
            "region.html",
            [
                "key": "story", "part": "recent", "html": .text(html),
            ])
        var command = ["deploystats", "show", deployment.number.map(String.init) ?? deployment.id]
        // The number says all as long as there is one lock.
        if request.severalLocks { command = ["deploystats", "show", deployment.id] }
        return Page(
            title: "\(title) \(OutcomeKind.words(deployment.state))", body: body,
            place: .elsewhere, command: ShellText.quoted(command), isLive: true,
            icon: icon(deployment.state), version: site.live.now.version)
    }

    private func icon(_ state: String) -> Favicon {
        switch OutcomeKind(state) {
        case .good, .faint: .free
        case .live: .running
        case .bad: .attention
        }
    }

    private func html(_ told: Told, output: [String]?) throws -> String {
        let story = told.story
        let deployment = story.deployment
        let times = TimeModel(zone: request.zone)
        let text = StoryText(zone: request.zone)
        return try PageTemplates.html(
            "deployment.html",
            [
                "name": .text(
                    deployment.number.map { "#\($0)" } ?? String(deployment.id.prefix(8))),
                "state": .text(OutcomeKind.words(deployment.state).escapedForTerminal),
                "kind": .text(OutcomeKind(deployment.state).rawValue),
                "facts": .list(text.facts(story).map { fact($0.label, $0.value) }),
                "moments": .list(
                    text.moments(story).map { moment in
                        [
                            "at": times.moment(moment.at), "passed": .optional(moment.passed),
                            "sentence": .text(moment.sentence),
                            "printed": .texts(moment.printed),
                            "has_printed": .flag(!moment.printed.isEmpty),
                        ]
                    }),
                "remarks": .texts(text.remarks(story, seenDead: told.dead).flatMap(\.self)),
                "chain": .list(
                    story.relations.chain.map { one in
                        .link(
                            one.number.map { "#\($0)" } ?? one.id,
                            to: request.links.deployment(one.id))
                    }),
                "has_chain": .flag(!story.relations.chain.isEmpty),
                "delivery": .optional(
                    story.relations.delivery.map { OutcomeKind.words($0.rawValue) }),
                "steps": Timeline(story, now: request.now).value,
                "output": .texts(output ?? []), "has_output": .flag(output != nil),
                "is_open": .flag(["waiting", "running"].contains(deployment.state)),
                "records": .texts(story.eventObjects.map { $0.line.escapedForTerminal }),
            ])
    }

    private func fact(_ label: String, _ value: String) -> TemplateValue {
        let links = request.links
        let address: String? =
            switch label {
            case "commit": links.commit(value)
            case "run": WebAddress.isSafe(value) ? value : nil
            default: nil
            }
        return [
            "label": .text(label), "value": .link(value, to: address),
            "is_code": .flag(["command", "commit", "id", "output", "directory"].contains(label)),
        ]
    }

    /// Which one is meant.
    private func choice(_ matches: [DeploymentLookup.Match]) throws -> Response {
        let times = TimeModel(zone: request.zone)
        let body = try PageTemplates.html(
            "choice.html",
            [
                "title": .text("'\(name)' can mean".escapedForTerminal),
                "about": "Several deployments:",
                "rows": .list(
                    matches.map { match in
                        [
                            "name": .text(
                                match.number.map { "#\($0)" } ?? String(match.id.prefix(8))),
                            "href": .text(request.links.deployment(match.id)),
                            "kind": .text(OutcomeKind(match.state).rawValue),
                            "word": .text(OutcomeKind.words(match.state).escapedForTerminal),
                            "about": .outside(
                                [match.lock, match.actor].compactMap(\.self)
                                    .joined(separator: ", ")),
                            "at": times.moment(match.requestedAt),
                        ]
                    }),
            ])
        return try PageFrame(site: site, request: request).response(
            Page(
                title: name, body: body, place: .elsewhere,
                command: ShellText.quoted(["deploystats", "show", name])))
    }
}
