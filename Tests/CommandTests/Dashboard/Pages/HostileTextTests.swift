import SystemCalls
import TestSupport
import Testing

@Suite("Pages and hostile text")
struct HostileTextTests {
    private static func expectHarmless(_ page: RawAnswer, _ path: String) {
        #expect(page.status == 200, "\(path)")
        HostileText.expectHarmless(page.body, path)
    }

    private static func expectShown(_ page: RawAnswer, _ path: String) {
        #expect(HostileText.isShown(page.body), "\(path): the text is missing")
    }

    @Test
    func `is shown as it is on every page, and acts on none`() throws {
        let fixture = try Fixture()
        let fields = HostileText.fields
        #expect(try fixture.run(fields + ["--", "true", HostileText.text]).code == 0)
        #expect(try fixture.run(fields + ["--", "sh", "-c", "exit 3", HostileText.text]).code == 3)
        let holder = try fixture.hold("held", options: fields)
        let waiter = try fixture.join(fields + ["--timeout", "1h"], ": \(Self.quoted)")
        try fixture.settle()
        let server = try DashboardServer(
            ["--name", "n" + HostileText.pairs.joined(), "--show-logs"], fixture)
        let ids = try fixture.query("SELECT id FROM deployment ORDER BY n")
        let pages =
            ["/super-admin/deployments", "/super-admin/deployments?view=wall"]
            + ids.map { "/super-admin/deployments/\($0)" }
            + [
                "/super-admin/commits/\(HostileText.encoded(HostileText.text))",
                "/super-admin/search?q=\(HostileText.encoded(HostileText.text + "2"))",
                "/super-admin/deployments?actor=\(HostileText.encoded(HostileText.text))",
                "/super-admin/deployments?tier=\(HostileText.encoded(HostileText.text))&branch=\(HostileText.encoded(HostileText.text))",
                "/super-admin/metrics/deployment_duration",
            ]
        for path in pages {
            let page = try server.askWithToken(path)
            Self.expectHarmless(page, path)
            Self.expectShown(page, path)
        }
        for path in ["/super-admin/report?week=this-week", "/super-admin/ledger"] {
            Self.expectHarmless(try server.askWithToken(path), path)
        }
        for part in ["lock", "queue", "recent"] {
            let path = "/super-admin/deployments?fragment=\(part)"
            let page = try server.askWithToken(path)
            Self.expectHarmless(page, path)
            Self.expectShown(page, path)
        }
        fixture.letGo("held")
        #expect(try holder.finish().code == 0)
        #expect(try waiter.finish().code == 0)
    }

    /// For a shell script, within single quotes.
    private static let quoted =
        "'"
        + HostileText.text.split(separator: "'", omittingEmptySubsequences: false).joined(
            separator: "'\\''")
        + "'"

    @Test
    func `in a freeze is harmless, too`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.freeze(reason: HostileText.text)
        let server = try DashboardServer([], fixture)
        let page = try server.askWithToken("/super-admin/deployments")
        Self.expectHarmless(page, "frozen")
        Self.expectShown(page, "frozen")
    }

    @Test(arguments: ["deployments", "metrics"])
    func `in an address that nothing has is harmless, too`(kind: String) throws {
        let server = try DashboardServer()
        let path = "/super-admin/\(kind)/\(HostileText.encoded(HostileText.text))"
        let page = try server.askWithToken(path)
        #expect(page.status == 404 || page.status == 503)
        HostileText.expectHarmless(page.body, path)
    }

    @Test
    func `is a link only where it is an address of the web`() throws {
        let fixture = try Fixture()
        for address in ["javascript:alert(1)", "https://ci.example/runs/1", "data:text/html,x"] {
            #expect(try fixture.run(["--run-url", address, "true"]).code == 0)
        }
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        let pages = try (1...3).map {
            try server.askWithToken("/super-admin/deployments/\($0)").body
        }
        #expect(pages[0].contains(">javascript:alert(1)<") && !pages[0].contains("href=\"java"))
        #expect(pages[1].contains("href=\"https://ci.example/runs/1\" rel=\"noopener noreferrer\""))
        #expect(pages[2].contains("data:text/html,x") && !pages[2].contains("href=\"data:"))
    }
}
