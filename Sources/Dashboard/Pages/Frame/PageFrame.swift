import HTTPTypes
import Hummingbird
import NIOCore
import Queries
import Reporting
import Wording

/// A page before what all pages have is put around it.
struct Page: Sendable {
    /// Its place in the menu.
    enum Place: String, CaseIterable, Sendable {
        case now = "Now"
        case queries = "Queries"
        case report = "Report"
        case ledger = "Ledger"
        /// None of these.
        case elsewhere = ""
    }

    /// What it is about.
    let title: String
    /// What stands between head and foot, as HTML.
    let body: String
    let place: Place
    /// The command line that tells the same; nil where there is none.
    var command: String?
    /// Whether it follows what happens.
    var isLive = false
    /// The picture in the tab.
    var icon = Favicon.free
    /// The state it was made of; nil for a page that follows nothing.
    var version: String?
}

/// What all pages have in common: head, menu, search, foot.
struct PageFrame: Sendable {
    let site: Site
    let request: PageRequest

    /// The document.
    func html(_ page: Page) throws -> String {
        let options = site.options
        let links = request.links
        let name = options.name.map { TemplateValue.text($0.escapedForTerminal) } ?? false
        return try PageTemplates.html(
            "page.html",
            frame(page).merging(
                [
                    "name": name,
                    "menu": .list(menu(page.place)), "search": .text(links.to(Self.search)),
                    "query": .text((request["q"] ?? "").escapedForTerminal),
                    "tz_fields": Self.hidden(["tz": links.zone]),
                    "as_of": TimeModel(zone: request.zone).clock(request.now),
                    "now": .number(request.now.microseconds / 1000),
                    "version": .optional(page.version), "is_live": .flag(page.isLive),
                    "is_wall": .flag(request.isWall),
                    "command": .outside(page.command), "zone": .text(request.zone.name),
                    "zones": .list(zones), "is_logged_in": .flag(request.isLoggedIn),
                    "zone_address": .text(request.address(with: "tz", nil)),
                    "wall": page.place == .now && !request.isWall
                        ? .text(request.address(with: "view", "wall")) : false,
                    "normal": .text(request.address(with: "view", nil)),
                    "events": .text(links.basePath + "/events"),
                ]) { $1 })
    }

    private static let search = ["super-admin", "search"]

    private func frame(_ page: Page) -> [String: TemplateValue] {
        let what = page.title.escapedForTerminal
        let parts = [what, "deployments", site.options.name?.escapedForTerminal]
        return [
            "title": .text(parts.compactMap(\.self).joined(separator: " · ")),
            "style": .text(request.links.asset(site.assets.style.name)),
            "script": .text(request.links.asset(site.assets.script.name)),
            "icon": .text(request.links.asset("favicon-\(page.icon.rawValue).svg")),
            "home": .text(request.links.home()), "base": .text(site.options.basePath),
            "body": .text(page.body),
        ]
    }

    private func menu(_ current: Page.Place) -> [TemplateValue] {
        Page.Place.allCases.filter { $0 != .elsewhere }.map { place in
            let address =
                switch place {
                case .now, .elsewhere: request.links.home()
                case .queries: request.links.to(["super-admin", "queries"])
                case .report: request.links.to(["super-admin", "report"])
                case .ledger: request.links.to(["super-admin", "ledger"])
                }
            return [
                "text": .text(place.rawValue), "href": .text(address),
                "is_current": .flag(place == current),
            ]
        }
    }

    /// UTC, and the usual zone where it is another one.
    private var zones: [TemplateValue] {
        let usual = site.options.zone.name
        return (usual == "UTC" ? ["UTC"] : ["UTC", usual]).map { name in
            [
                "text": .text(name), "href": .text(request.address(with: "tz", name)),
                "is_current": .flag(name == request.zone.name),
            ]
        }
    }

    /// What a form hands on.
    static func hidden(_ values: KeyValuePairs<String, String?>) -> TemplateValue {
        .list(
            values.compactMap { name, value in
                value.map { ["name": .text(name), "value": .text($0)] }
            })
    }

    /// The document as an answer.
    func response(_ page: Page) throws -> Response { Self.response(try html(page)) }

    /// A text as an answer.
    static func response(
        _ text: String, type: String = "text/html; charset=utf-8"
    ) -> Response {
        Response(
            status: .ok, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
