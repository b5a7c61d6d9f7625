import Hummingbird
import Ledger
import Queries
import Reporting
import Wording

/// One commit, and whether it is live.
struct CommitPage: Sendable {
    let site: Site
    let request: PageRequest
    /// The commit or its beginning.
    let sha: String

    func response() async throws -> Response {
        let sha = sha.lowercased()
        guard sha.utf8.count >= 4 else {
            throw Problem.badRequest("a commit is named by four characters or more")
        }
        let story = try await site.ledger.read { try CommitStory(sha, on: $0.connection) }
        let body = try PageTemplates.html("commit.html", values(story))
        return try PageFrame(site: site, request: request).response(
            Page(
                title: "Commit \(story.sha.prefix(10))", body: body, place: .elsewhere,
                command: ShellText.quoted(["deploystats", "query", "commit", sha])))
    }

    private func values(_ story: CommitStory) -> [String: TemplateValue] {
        let links = request.links
        let times = TimeModel(zone: request.zone)
        let places = story.places.map { place -> TemplateValue in
            [
                "lock": place.lock.map { .text($0.escapedForTerminal) } ?? "CI runs",
                "word": .text(place.standing.rawValue.replacing("_", with: " ")),
                "kind": .text(kind(place.standing)),
                "sentence": .text(place.sentence.escapedForTerminal),
                "since": times.moment(place.since),
                "name": .link(
                    place.number.map { "#\($0)" },
                    to: place.number.map { number in
                        links.deployment(String(number), lock: place.lock)
                    }),
            ]
        }
        let list = PageTable(links: links, zone: request.zone)
        return [
            "sha": .outside(story.sha), "is_known": .flag(!places.isEmpty),
            "is_ambiguous": .flag(story.commits > 1), "count": .count(story.commits),
            "places": .list(places),
            "attempts": .object(
                list.values(
                    story.attempts, title: "Attempts", hiding: hidden(of: places.count))),
        ]
    }

    /// What the sentences have told, and what the page of an attempt tells.
    private func hidden(of places: Int) -> Set<String> {
        let columns: Set = [
            "afterwards", "then_sha", "then_outcome", "then_at", "acquired_at", "exit_code",
            "signal", "run_url", "source", "since_first_seconds",
        ]
        return places > 1 ? columns : columns.union(["lock"])
    }

    private func kind(_ standing: CommitStory.Standing) -> String {
        switch standing {
        case .live: "good"
        case .replaced, .overtaken: "faint"
        case .underWay: "live"
        case .missed: "bad"
        }
    }
}
