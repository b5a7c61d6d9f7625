import HTTPTypes
import Hummingbird
import JSON
import Ledger
import Queries
import Reporting

/// Deployments as `deploystats deployments` and `deploystats show` list them.
struct DeploymentRoutes {
    let site: Site

    private static let path = "/api/admin/deployments"
    private static let usual: Int64 = 50
    private static let most: Int64 = 200

    var routes: [Route] {
        [
            .get(Self.path) { request, _ in try await list(request) },
            .get(Self.path + "/{id}") { request, context in
                try await one(request, context.parameters.get("id") ?? "")
            },
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let query = try AddressQuery(
            request, known: Selection.window + Selection.filters + ["limit", "cursor", "format"])
        let selection = try Selection(query, zone: site.options.zone)
        let window = try selection.windowIfGiven(now: .now)
        let limit = try query.number("limit", in: 1...Self.most) ?? Self.usual
        let cursor = try DeploymentCursor(query.one("cursor"))
        let format = try AnswerFormat(query, request)
        let next = next(query)
        let now = await site.live.current()
        let key =
            "\(Self.path) \(format) \(limit) \(cursor?.text ?? "") \(selection.words) \(selection.filter)"
        let version = now.ledgerVersion + (selection.hasWindow ? "-\(Instant.minute)" : "")
        return try await site.cache.response(key, version: version, request) {
            [site] in
            let (list, notes) = try await site.ledger.read { reader in
                let list = try DeploymentList(
                    reader, window: window, filter: selection.filter, limit: limit, behind: cursor)
                return (list, try selection.filter.notes(reader.connection))
            }
            return Rendering(
                Self.text(list, window, selection.filter, notes, format),
                contentType: format.contentType,
                headers: list.last.map { [.link: "<\(next($0))>; rel=\"next\""] } ?? [:])
        }
    }

    private static func text(
        _ list: DeploymentList, _ window: PartialWindow, _ filter: ReportFilter,
        _ notes: [String], _ format: AnswerFormat
    ) -> String {
        switch format {
        case .csv: CSVRenderer().render(list.table)
        case .json:
            list.json(window, filter).with([("next", .optional(list.last))]).with(notes: notes)
                .document
        }
    }

    /// The address of what follows a deployment.
    private func next(_ query: AddressQuery) -> @Sendable (String) -> String {
        let rest = query.encoded(without: ["cursor"])
        let path = site.options.basePath + Self.path
        return { "\(path)?\((rest + ["cursor=\($0)"]).joined(separator: "&"))" }
    }

    private func one(_ request: Request, _ name: String) async throws -> Response {
        let query = try AddressQuery(request, known: ["lock"])
        let selection = try Selection(query, zone: site.options.zone)
        let now = await site.live.current()
        let key = "\(Self.path)/\(name) \(selection.filter)"
        return try await site.cache.response(key, version: now.ledgerVersion, request) {
            [site] in
            let story = try await site.ledger.read { reader in
                let match = try DeploymentLookup.only(
                    name, locks: selection.filter.locks, on: reader.connection)
                return try DeploymentStory(match, on: reader.connection).json
            }
            return Rendering(story.document, contentType: AnswerFormat.json.contentType)
        }
    }
}
