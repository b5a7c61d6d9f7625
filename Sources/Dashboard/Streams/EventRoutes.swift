import HTTPTypes
import Hummingbird
import Queries

/// The events of the ledger as they come.
struct EventRoutes {
    let site: Site

    private static let path = "/api/admin/events"

    var routes: [Route] {
        [.get(Self.path) { request, context in try await stream(request, context) }]
    }

    private func stream(
        _ request: Request, _ context: DashboardContext
    ) async throws -> Response {
        let query = try AddressQuery(request, known: Selection.filters + ["after"])
        let selection = try Selection(query, zone: site.options.zone)
        // What a browser sends when it comes back is newer than what its script wrote once.
        let sent = request.headers[.lastEventID]
        let now = await site.live.current()
        var cursor = EventCursor(
            ledger: now.isReadable ? now.ledger : nil, seq: now.seq)
        if let text = try sent.flatMap({ $0.isEmpty ? nil : $0 }) ?? query.one("after") {
            guard let given = EventCursor(text) else {
                throw Problem.badRequest(
                    "'\(text)' is not a place in the ledger; use 0 for its beginning, or the id of an event"
                )
            }
            // Alone, the number is meant in the ledger that is there.
            cursor = EventCursor(ledger: given.ledger ?? cursor.ledger, seq: given.seq)
        }
        return try EventStream(site, request, context)
            .response(EventNews(site, selection.filter, after: cursor))
    }
}
