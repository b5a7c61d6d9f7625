import HTTPTypes
import Hummingbird

/// The pages, and what they are shown with.
struct PageRoutes {
    let site: Site

    var routes: [Route] {
        [
            .get("/") { [site] request, _ in
                let asked = try PageRequest(request, site.options)
                return Self.redirect(to: asked.links.home())
            },
            .get(Links.home) { [site] request, _ in
                try await OverviewPage(site, PageRequest(request, site.options))
                    .response(request)
            },
            .get("/assets/favicon-{state}.svg", access: .everybody) { [site] _, context in
                try Self.favicon(context.parameters.get("state"), site)
            },
            .get("/assets/{name}", access: .everybody) { [site] _, context in
                try site.assets.response(context.parameters.get("name") ?? "")
            },
        ]
    }

    static func redirect(to address: String) -> Response {
        Response(status: .seeOther, headers: [.location: address])
    }

    private static func favicon(_ state: String?, _ site: Site) throws -> Response {
        guard let icon = state.flatMap({ Favicon(rawValue: $0) }) else {
            throw Problem.notFound("there is no such picture")
        }
        var response = PageFrame.response(
            try icon.picture(Colour(site.options.colour)), type: "image/svg+xml")
        response.headers[.cacheControl] = "public, max-age=86400"
        return response
    }
}
