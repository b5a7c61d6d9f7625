import Hummingbird
import Ledger
import Queries
import Reporting

/// The feed of deployments that ended.
struct FeedRoutes {
    let site: Site

    private static let path = "/feed.atom"
    private static let most: Int64 = 50

    var routes: [Route] {
        [.get(Self.path) { request, context in try await feed(request, context) }]
    }

    private func feed(_ request: Request, _ context: DashboardContext) async throws -> Response {
        let query = try AddressQuery(request, known: Selection.filters)
        var filter = try Selection(query, zone: .utc).filter
        if filter.outcomes.isEmpty { filter.outcomes = Outcome.allCases.map(\.rawValue) }
        let (selected, now) = (filter, await site.live.current())
        let origin = context.visitor.origin + site.options.basePath
        let name = site.options.name.map { "Deployments of \($0)" } ?? "Deployments"
        let key = "\(Self.path) \(origin) \(selected)"
        return try await site.cache.response(key, version: now.ledgerVersion, request) {
            [site] in
            let list = try await site.ledger.read { reader in
                try DeploymentList(
                    reader.connection,
                    window: PartialWindow(since: nil, until: nil, zone: .utc, now: .now),
                    filter: selected, limit: Self.most)
            }
            let feed = AtomFeed(
                title: name, id: "urn:deploy-ledger:\(now.ledger):deployments", origin: origin,
                table: list.table)
            return Rendering(
                feed.text, contentType: "application/atom+xml; charset=utf-8")
        }
    }
}
