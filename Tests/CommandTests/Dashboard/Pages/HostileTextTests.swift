import SystemCalls
import TestSupport
import Testing

@Suite("Pages and hostile text")
struct HostileTextTests {
    /// Each of the signs of HTML followed by each of the marks that make one character of both.
    private static let hostile = ["\"", "<", "'", "&"].flatMap { sign in
        ["\u{301}", "\u{FE0F}", "\u{200D}", "\u{20E3}"].map { sign + $0 }
    }
    private static let text =
        "x" + hostile.joined() + "<script>alert(1)</script>\" onmouseover=alert(1) '\u{202E}"

    /// What must be nowhere in a page.
    private static func expectHarmless(_ page: RawAnswer, _ path: String) {
        #expect(page.status == 200, "\(path)")
        let bytes = Array(page.body.utf8)
        for pair in hostile {
            #expect(bytes.firstRange(of: Array(pair.utf8)) == nil, "\(path): \(pair)")
        }
        #expect(!page.body.contains("<script>alert"), "\(path)")
        #expect(bytes.firstRange(of: Array("\u{202E}".utf8)) == nil, "\(path): a direction mark")
    }

    /// That the text was shown at all.
    private static func expectShown(_ page: RawAnswer, _ path: String) {
        let shown = Array("&quot;\u{301}".utf8)
        #expect(Array(page.body.utf8).firstRange(of: shown) != nil, "\(path): the text is missing")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func fields(_ fixture: Fixture) -> [String] {
        [
            "--sha", text, "--ref", text, "--tier", text, "--source", text, "--actor", text,
            "--message", text, "--run-url", "javascript:" + text,
        ]
    }

    @Test
    func `is shown as it is on every page, and acts on none`() throws {
        let fixture = try Fixture()
        let fields = Self.fields(fixture)
        #expect(try fixture.run(fields + ["--", "true", Self.text]).code == 0)
        #expect(try fixture.run(fields + ["--", "sh", "-c", "exit 3", Self.text]).code == 3)
        let holder = try fixture.hold("held", options: fields)
        let waiter = try fixture.join(fields + ["--timeout", "1h"], ": \(Self.quoted)")
        try fixture.settle()
        let server = try DashboardServer(
            ["--name", "n" + Self.hostile.joined(), "--show-logs"], fixture)
        let ids = try fixture.query("SELECT id FROM deployment ORDER BY n")
        let pages =
            ["/super-admin/deployments", "/super-admin/deployments?view=wall"]
            + ids.map { "/super-admin/deployments/\($0)" }
            + [
                "/super-admin/commits/\(Self.encoded(Self.text))",
                "/super-admin/search?q=\(Self.encoded(Self.text + "2"))",
                "/super-admin/deployments?actor=\(Self.encoded(Self.text))",
                "/super-admin/deployments?tier=\(Self.encoded(Self.text))&branch=\(Self.encoded(Self.text))",
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
        + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        + "'"

    @Test
    func `in a freeze is harmless, too`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.freeze(reason: Self.text)
        let server = try DashboardServer([], fixture)
        let page = try server.askWithToken("/super-admin/deployments")
        Self.expectHarmless(page, "frozen")
        Self.expectShown(page, "frozen")
    }

    @Test(arguments: ["deployments", "metrics"])
    func `in an address that nothing has is harmless, too`(kind: String) throws {
        let server = try DashboardServer()
        let path = "/super-admin/\(kind)/\(Self.encoded(Self.text))"
        let page = try server.askWithToken(path)
        #expect(page.status == 404 || page.status == 503)
        let bytes = Array(page.body.utf8)
        for pair in Self.hostile {
            #expect(bytes.firstRange(of: Array(pair.utf8)) == nil, "\(pair)")
        }
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
