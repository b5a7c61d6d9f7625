import Hummingbird
import JSON
import Ledger
import Queries

/// The named queries, as `deploystats query` asks them.
struct QueryRoutes {
    let site: Site

    private static let path = "/api/admin/queries"

    var routes: [Route] {
        [
            .get(Self.path) { request, _ in
                _ = try AddressQuery(request, known: [])
                return try await list(request)
            },
            .get(Self.path + "/{name}") { request, context in
                try await answer(request, context.parameters.get("name") ?? "")
            },
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        try await site.cache.response(Self.path, version: "1", request) {
            let table = QueryLibrary.table(QueryAnswer.queries.map { .init($0) })
            let document = JSONValue.object([("queries", .array(table.objects))])
            return Rendering(document.document, contentType: AnswerFormat.json.contentType)
        }
    }

    private func answer(_ request: Request, _ name: String) async throws -> Response {
        let asked = try QueryAnswer.Asked(name, request, zone: site.options.zone)
        let now = await site.live.current()
        let key = "\(Self.path)/\(name) \(asked)"
        // Some measure until now.
        let version = "\(now.ledgerVersion)-\(Instant.minute)"
        return try await site.cache.response(key, version: version, request) {
            [site] in
            let longest = site.options.limits.queryUs
            let answer = try await site.ledger.read(.queries, within: longest) { reader in
                try QueryAnswer(asked, reader.connection, within: longest)
            }
            return Rendering(answer.text, contentType: asked.format.contentType)
        }
    }
}
