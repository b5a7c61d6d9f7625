import HTTPTypes
import Hummingbird

/// The pages, and what they are shown with.
struct PageRoutes {
    let site: Site

    var routes: [Route] {
        [
            .get("/") { [site] request, _ in
                Self.redirect(to: try PageRequest(request, site).links.home())
            },
            .get(Links.home) { [site] request, _ in
                try await OverviewPage(site, PageRequest(request, site))
                    .response(request)
            },
            page("/super-admin/deployments/{name}") { site, asked, name in
                try await DeploymentPage(site: site, request: asked, name: name).response()
            },
            page("/super-admin/commits/{name}") { site, asked, name in
                try await CommitPage(site: site, request: asked, sha: name).response()
            },
            page("/super-admin/search") { site, asked, _ in
                try await SearchPage(site: site, request: asked).response()
            },
            page("/super-admin/metrics/{name}") { site, asked, name in
                try await ExplainPage(site, asked, name).response()
            },
            page("/super-admin/queries") { site, asked, _ in
                try QueryListPage(site: site, request: asked).response()
            },
            page("/super-admin/queries/{name}") { site, asked, name in
                try await QueryPage(site, asked, name).response()
            },
            page("/super-admin/report") { site, asked, _ in
                try await ReportPage(site: site, request: asked).response()
            },
            page("/super-admin/ledger") { site, asked, _ in
                try await LedgerPage(site: site, request: asked).response()
            },
            .get("/assets/favicon-{name}.svg", access: .everybody) { [site] _, context in
                try Self.favicon(context.parameters.get("name"), site)
            },
            // What programs ask for that find no picture named in what they show.
            .get("/favicon.ico", access: .everybody) { [site] _, _ in
                try Self.favicon(Favicon.free.rawValue, site)
            },
            .get("/assets/{name}", access: .everybody) { [site] _, context in
                try site.assets.response(context.parameters.get("name") ?? "")
            },
        ]
    }

    /// A page that is rendered for each who asks.
    ///
    /// - Parameter respond: given what stands for `{name}` in the path, if that is in it.
    private func page(
        _ path: String,
        _ respond: @escaping @Sendable (Site, PageRequest, String) async throws -> Response
    ) -> Route {
        .get(path) { [site] request, context in
            try await respond(
                site, PageRequest(request, site), context.parameters.get("name") ?? "")
        }
    }

    /// To another page.
    static func redirect(to address: String) -> Response {
        Response(status: .seeOther, headers: [.location: address])
    }

    private static func favicon(_ state: String?, _ site: Site) throws -> Response {
        guard let icon = state.flatMap({ Favicon(rawValue: $0) }) else {
            throw Problem.notFound("there is no such picture")
        }
        var response = PageFrame.response(
            try icon.picture(site.options.colour), type: "image/svg+xml")
        response.headers[.cacheControl] = "public, max-age=86400"
        return response
    }
}
