import Hummingbird

/// The stream of an open page.
struct LiveRoutes {
    let site: Site

    var routes: [Route] {
        [
            .get("/events") { [site] request, context in
                let version = try EventStream.lastEventID(request, parameter: "version")
                let now = await site.live.current()
                return try EventStream(site, request, context)
                    .response(PageNews(site.live, now, has: version))
            }
        ]
    }
}
