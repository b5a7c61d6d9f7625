import SystemCalls
import TestSupport
import Testing

@Suite("What all pages have in common")
struct PageFormTests {
    private static let pages = [
        "/super-admin/deployments", "/super-admin/deployments?view=wall",
        "/super-admin/deployments/1", "/super-admin/deployments/2", "/super-admin/commits/abcdef",
        "/super-admin/commits/0000", "/super-admin/search?q=nobody",
        "/super-admin/metrics/lock_wait_time", "/super-admin/metrics/skip-rate",
        "/super-admin/report?week=this-week", "/super-admin/ledger", "/super-admin/queries",
        "/super-admin/queries/commit", "/super-admin/queries/live",
    ]

    private func fixture() throws -> Fixture {
        let fixture = try Fixture()
        #expect(try fixture.run(["--sha", "abcdef01", "--tier", "docker", "true"]).code == 0)
        #expect(try fixture.run(["--tier", "lightning", "false"]).code == 1)
        try fixture.settle()
        return fixture
    }

    /// The values of an attribute in a page.
    private func values(of name: String, in page: String) -> [String] {
        page.components(between: " \(name)=\"", and: "\"")
    }

    @Test(arguments: pages)
    func `nothing inline, and every address within below the base path`(path: String) throws {
        let server = try DashboardServer(["--base-path", "/deploys"], fixture())
        let page = try server.askWithToken("/deploys" + path)
        #expect(page.status == 200)
        #expect(page.body.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\""))
        let addresses = ["href", "src", "action", "data-events"].flatMap {
            values(of: $0, in: page.body)
        }
        #expect(addresses.count > 10)
        for address in addresses where !address.hasPrefix("https://") {
            #expect(address.hasPrefix("/deploys/") || address.hasPrefix("#"), "\(address)")
        }
        #expect(values(of: "style", in: page.body).isEmpty)
        #expect(!page.body.contains("<style"))
        for tag in page.body.components(between: "<script", and: ">") {
            #expect(tag.hasPrefix(" src="))
        }
        for tag in page.body.components(between: "<", and: ">") {
            #expect(!tag.split(separator: " ").contains { $0.hasPrefix("on") }, "\(tag)")
        }
        let ids = values(of: "id", in: page.body)
        #expect(Set(ids).count == ids.count, "\(ids)")
    }

    @Test
    func `what is asked for by those without script is not left out`() throws {
        let server = try DashboardServer([], fixture())
        let page = try server.askWithToken("/super-admin/deployments").body
        #expect(page.contains("<noscript><meta http-equiv=\"refresh\" content=\"30\"></noscript>"))
        #expect(page.contains("action=\"/super-admin/search\""))
        #expect(page.components(between: "role=\"status\"", and: ">").count == 1)
    }

    @Test
    func `each names the command that tells the same`() throws {
        let server = try DashboardServer([], fixture())
        let commands = [
            "/super-admin/deployments?outcome=failed&tier=docker":
                "deploystats deployments --tier docker --outcome failed",
            "/super-admin/deployments/2": "deploystats show 2",
            "/super-admin/commits/ABCDEF": "deploystats query commit abcdef",
            "/super-admin/metrics/skip_rate?since=-2d": "deploystats explain skip-rate --since -2d",
        ]
        for (path, command) in commands {
            let page = try server.askWithToken(path).body
            #expect(page.contains("<code>\(command)</code>"), "\(path)")
        }
    }

    @Test
    func `style and script are named by what is in them and kept for ever`() throws {
        let server = try DashboardServer(
            ["--colour", "#c2262f"], fixture(),
            environment: [
                "DEPLOY_DASHBOARD_NAME": "staging", "DEPLOY_DASHBOARD_COLOUR": "#000000",
            ])
        let page = try server.askWithToken("/super-admin/deployments").body
        #expect(page.contains("<b>staging</b>"))
        let names = page.components(between: "\"/assets/", and: "\"")
        #expect(names.count == 3)
        for name in names {
            let file = try server.ask("/assets/\(name)")
            #expect(file.status == 200 && !file.body.isEmpty, "\(name)")
        }
        let style = try #require(names.first { $0.hasSuffix(".css") })
        let file = try server.ask("/assets/\(style)")
        #expect(file["Cache-Control"] == "public, max-age=31536000, immutable")
        #expect(file["Content-Type"] == "text/css; charset=utf-8")
        #expect(file.body.contains("--brand: #c2262f"))
        #expect(try server.ask("/assets/dashboard-0000000000000000.css").status == 404)
        let icon = try server.ask("/assets/favicon-attention.svg")
        #expect(icon["Content-Type"] == "image/svg+xml" && icon.body.contains("fill=\"#c2262f\""))
        let usual = try server.ask("/favicon.ico")
        #expect(usual.status == 200 && usual["Content-Type"] == "image/svg+xml")
        #expect(usual.body == (try server.ask("/assets/favicon-free.svg").body))
    }

    @Test
    func `times are in the zone that is asked for, and links keep it`() throws {
        let server = try DashboardServer([], fixture())
        let page = try server.askWithToken("/super-admin/deployments/1?tz=Asia/Tokyo").body
        #expect(page.contains("+09:00"))
        #expect(page.contains("href=\"/super-admin/commits/abcdef01?tz=Asia%2FTokyo\""))
        let wrong = try server.askWithToken("/super-admin/deployments?tz=Mars/Olympus")
        #expect(wrong.status == 400)
    }

    @Test
    func `the shortest address leads to the main page`() throws {
        let server = try DashboardServer(["--base-path", "/deploys"], fixture())
        let answer = try server.askWithToken("/deploys/")
        #expect(answer.status == 303)
        #expect(answer["Location"] == "/deploys/super-admin/deployments")
    }
}

extension String {
    /// The texts between two others, none of which overlap.
    func components(between start: String, and end: String) -> [String] {
        var result: [String] = []
        var rest = self[...]
        while let begin = rest.firstRange(of: start) {
            rest = rest[begin.upperBound...]
            guard let close = rest.firstRange(of: end) else { break }
            result.append(String(rest[..<close.lowerBound]))
            rest = rest[close.upperBound...]
        }
        return result
    }
}
