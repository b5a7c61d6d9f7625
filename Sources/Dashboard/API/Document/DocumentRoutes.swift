import Hummingbird
import JSON

/// The description of the API for programs, OpenAPI 3.1: a file of its own.
struct DocumentRoutes {
    let site: Site

    var routes: [Route] {
        [
            .get("/api/openapi.json") { [site] request, _ in
                _ = try AddressQuery(request, known: [])
                let text = Self.text(below: site.options.basePath)
                return try await site.cache.response("openapi", version: "1", request) {
                    Rendering(text, contentType: "application/json")
                }
            }
        ]
    }

    /// The file, with the addresses that this server has.
    static func text(below basePath: String) -> String {
        let server = JSONValue.string(basePath.isEmpty ? "/" : basePath).line
        return EmbeddedDocuments.openapi.replacing("\"url\": \"/\"", with: "\"url\": \(server)")
    }
}
