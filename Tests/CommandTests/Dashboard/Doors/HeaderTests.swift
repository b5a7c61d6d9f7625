import TestSupport
import Testing

/// The fields that every answer has.
@Suite struct HeaderTests {
    private func check(_ answer: RawAnswer, _ status: Int) throws {
        #expect(answer.status == status)
        let policy = try #require(answer["Content-Security-Policy"], "\(status)")
        #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'"))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(answer["X-Content-Type-Options"] == "nosniff")
        #expect(answer["Referrer-Policy"] == "same-origin")
        #expect(answer["Cross-Origin-Opener-Policy"] == "same-origin")
        #expect(answer["Cross-Origin-Resource-Policy"] == "same-origin")
        #expect(answer["X-Frame-Options"] == "DENY")
        #expect(answer["Server"] == nil)
        let names = answer.fields.map { $0.name.lowercased() }
        #expect(Set(names).count == names.count, "\(names)")
    }

    @Test func `every answer has them`() throws {
        let server = try DashboardServer()
        try check(server.ask("/login"), 200)
        try check(server.ask("/super-admin/deployments"), 401)
        try check(server.ask("/super-admin/deployments", ["Accept: text/html"]), 401)
        try check(server.ask("/nothing"), 404)
        try check(server.ask("/api/admin/nothing"), 404)
        try check(server.ask("/login", method: "DELETE"), 405)
        try check(server.ask("/login", host: "evil.example"), 421)
        try check(server.ask("/login", method: "HEAD"), 200)
        try check(server.post("/login", "token=\(server.token)"), 303)
        try check(server.post("/login", "token=x"), 401)
        try check(server.ask("/login", method: "POST"), 403)
        try check(server.ask("/login", body: "x"), 400)
        // These are not understood at all.
        for (text, status) in [
            ("GET /login\r\n\r\n", 400), ("\u{1}\u{2}\r\n\r\n", 400),
            (
                "GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: localhost\r\n\r\n",
                431
            ),
        ] {
            let connection = try server.connect()
            connection.send(text)
            try check(connection.answer(), status)
            #expect(try connection.rest() == "")
        }
    }

    @Test func `another method is named with those that are possible`() throws {
        let server = try DashboardServer()
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "TRACE"] {
            let answer = try server.askWithToken("/super-admin/deployments", method: method)
            #expect(answer.status == 405, "\(method)")
            #expect(answer["Allow"] == "GET, HEAD")
        }
        #expect(try server.ask("/login", method: "PUT")["Allow"] == "GET, HEAD, POST")
        #expect(try server.ask("/logout")["Allow"] == "POST")
        #expect(try server.ask("/nothing", method: "PUT").status == 404)
    }

    @Test func `the API answers programs, all else people`() throws {
        let server = try DashboardServer()
        let problem = try server.ask("/api/admin/nothing?secret=1")
        #expect(problem["Content-Type"] == "application/problem+json")
        #expect(problem.body.contains("\"status\": 404"))
        #expect(problem.body.contains("\"instance\": \"/api/admin/nothing\""))
        let page = try server.ask("/nothing<script>")
        #expect(page["Content-Type"] == "text/html; charset=utf-8")
        #expect(page.body.contains("<h1>404 Not found</h1>"))
        #expect(!page.body.contains("<script>"))
        #expect(page["Cache-Control"] == "no-store")
    }

    @Test func `the log has paths without their queries`() throws {
        let server = try DashboardServer(["--log-level", "info"])
        _ = try server.ask("/login?link=secret")
        _ = try server.ask("/nothing%1b?secret=1")
        #expect(eventually { server.child.errors.contains("GET /nothing%1b 404") })
        #expect(server.child.errors.contains("GET /login 200"))
        #expect(!server.child.errors.contains("secret"))
        #expect(!server.child.errors.contains(server.token))
    }
}
