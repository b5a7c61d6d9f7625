import HTTPTypes
import Hummingbird

/// The stream of an open page.
struct LiveRoutes {
    let site: Site

    var routes: [Route] {
        [
            .get("/events") { [site] request, context in
                let version = EventStream.lastEventID(request, parameter: "version")
                _ = await site.live.current()
                return try EventStream(site: site).response(
                    request, context, PageNews(site.live, version: version))
            }
        ]
    }
}

extension EventStream {
    /// What a client says it has: in the field that browsers send when they come back, else in the
    /// address.
    static func lastEventID(_ request: Request, parameter: String) -> String? {
        let sent = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }
        return sent ?? request.uri.queryParameters.get(parameter)
    }
}
