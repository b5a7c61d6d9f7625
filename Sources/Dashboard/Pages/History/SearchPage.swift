import Hummingbird
import Ledger
import Queries
import Reporting
import Wording

/// Answers the search box: a number, a commit, a person, an id or the address of a CI run.
struct SearchPage: Sendable {
    let site: Site
    let request: PageRequest

    /// Something that the words can mean.
    private struct Meaning: Sendable {
        let name: String
        let about: String
        let address: String
    }

    func response() async throws -> Response {
        let text = request["q"].map(Self.trimmed) ?? ""
        if text.isEmpty { return PageRoutes.redirect(to: request.links.home()) }
        let meanings = try await meanings(of: text)
        // A person's name may be a beginning of a commit, and a number, too.
        if meanings.count == 1 { return PageRoutes.redirect(to: meanings[0].address) }
        let body = try PageTemplates.html(
            "search.html",
            [
                "text": .outside(text), "has_meanings": .flag(!meanings.isEmpty),
                "meanings": .list(
                    meanings.map { meaning in
                        [
                            "name": .outside(meaning.name), "about": .text(meaning.about),
                            "href": .text(meaning.address),
                        ]
                    }),
            ])
        return try PageFrame(site: site, request: request).response(
            Page(title: text, body: body, place: .elsewhere))
    }

    private func meanings(of text: String) async throws -> [Meaning] {
        let links = request.links
        return try await site.ledger.read { reader in
            var meanings: [Meaning] = []
            let lookup = try DeploymentLookup(text, locks: [], on: reader.connection)
            if let match = lookup.matches.first {
                let isOne = lookup.matches.count == 1
                let name = match.number.map { "#\($0)" } ?? String(match.id.prefix(8))
                meanings.append(
                    Meaning(
                        name: isOne ? name : text,
                        about: isOne ? "a deployment" : "\(lookup.matches.count) deployments",
                        address: isOne ? links.deployment(match.id) : links.deployment(text)))
            }
            let lower = text.lowercased()
            if text.utf8.count >= 4, lower.allSatisfy({ $0.isASCII && $0.isHexDigit }),
                try Self.isAny(reader, { $0.shas = [lower] })
            {
                meanings.append(
                    Meaning(name: text, about: "a commit", address: links.commit(lower)))
            }
            if try Self.isAny(reader, { $0.actors = [text] }) {
                meanings.append(
                    Meaning(name: text, about: "a person", address: links.person(text)))
            }
            if try Self.isAny(reader, { $0.branches = [text] }) {
                meanings.append(
                    Meaning(
                        name: text, about: "a branch or tag",
                        address: links.home([("branch", text)]) + "#recent"))
            }
            return meanings
        }
    }

    private static func isAny(
        _ reader: LedgerReader, _ select: (inout ReportFilter) -> Void
    ) throws -> Bool {
        var filter = ReportFilter()
        select(&filter)
        let window = try PartialWindow(
            since: nil, until: nil, zone: .utc, now: Instant(microseconds: 0))
        let list = try DeploymentList(
            reader.connection, window: window, filter: filter, limit: 1)
        return !list.summary.rows.isEmpty
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }
}
