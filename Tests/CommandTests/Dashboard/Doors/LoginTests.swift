import TestSupport
import Testing

/// Logging in with a token, and what comes of it.
@Suite struct LoginTests {
    private let page = "/super-admin/deployments"

    @Test func `a browser is asked to log in and gets where it wanted to`() throws {
        let server = try DashboardServer()
        let refused = try server.ask("\(page)?outcome=failed&x=%22", ["Accept: text/html,*/*"])
        #expect(refused.status == 401)
        #expect(refused["Cache-Control"] == "no-store")
        #expect(refused.body.contains("<form method=\"post\" action=\"/login\">"))
        let next = "\(page)?outcome=failed&amp;x=%22"
        #expect(refused.body.contains("name=\"next\" value=\"\(next)\""), "\(refused.body)")
        let form = "token=\(server.token)&next=%2Fsuper-admin%2Fdeployments%3Foutcome%3Dfailed"
        let answer = try server.post("/login", form)
        #expect(answer.status == 303)
        #expect(answer["Location"] == "\(page)?outcome=failed")
        let cookie = try #require(answer["Set-Cookie"])
        #expect(cookie.contains("; Path=/; "))
        #expect(cookie.contains("; HttpOnly"))
        #expect(cookie.contains("; SameSite=Lax"))
        #expect(!cookie.contains("Secure"))
        #expect(!cookie.contains(server.token))
        let sent = "Cookie: a=b; \(cookie.split(separator: ";")[0])"
        #expect(try server.ask(page, [sent]).status != 401)
        // A wrong token is no better for a cookie that goes with it.
        #expect(try server.ask(page, [sent, "Authorization: Bearer x"]).status == 401)
    }

    @Test(arguments: [
        "", "https://evil.example/", "//evil.example/", "/%5Cevil.example/", "%5C/evil.example",
        "/%0A/evil.example", "/%09/evil.example", "javascript:alert(1)", "/a%0D%0AX-Y:z", "/\u{e9}",
    ])
    func `a login leads nowhere else`(_ next: String) throws {
        let server = try DashboardServer()
        let answer = try server.post("/login", "token=\(server.token)&next=\(next)")
        #expect(answer.status == 303)
        #expect(answer["Location"] == page)
        #expect(answer["X-Y"] == nil)
    }

    @Test(arguments: [
        "token=wrong", "token=", "", "link=wrong", "link=test:1:2:3", "token=%zz",
        "token=ddt_" + String(repeating: "0", count: 64),
    ])
    func `every failure gets the same answer`(_ form: String) throws {
        let server = try DashboardServer()
        let answer = try server.post("/login", form)
        #expect(answer.status == 401)
        #expect(answer["Set-Cookie"] == nil)
        #expect(answer.body.contains("That token or link is not valid, or is no longer valid."))
    }

    @Test func `another site's page cannot log in or out`() throws {
        let server = try DashboardServer()
        let type = "Content-Type: application/x-www-form-urlencoded"
        for path in ["/login", "/logout"] {
            for fields in [
                [], ["Origin: https://evil.example"], ["Origin: null"], ["Origin: localhost"],
                ["Sec-Fetch-Site: cross-site"], ["Sec-Fetch-Site: same-site"],
                ["Sec-Fetch-Site: none"],
                ["Sec-Fetch-Site: cross-site", "Origin: http://localhost"],
                ["Origin: http://localhost:1"],
            ] {
                let answer = try server.ask(
                    path, method: "POST", [type] + fields, body: "token=\(server.token)")
                #expect(answer.status == 403, "\(path) \(fields)")
                #expect(answer["Set-Cookie"] == nil)
            }
            let answer = try server.ask(
                path, method: "POST", [type, "Sec-Fetch-Site: same-origin"],
                body: "token=\(server.token)")
            #expect(answer.status == 303)
        }
    }

    @Test func `a login is a form`() throws {
        let server = try DashboardServer()
        let answer = try server.ask(
            "/login", method: "POST",
            ["Content-Type: application/json", "Origin: http://localhost"], body: "{}")
        #expect(answer.status == 415)
    }

    @Test func `a cookie works after a restart and not without its token`() throws {
        let fixture = try Fixture()
        let first = try DashboardServer([], fixture)
        let cookie = try first.logIn("token=\(first.token)")
        #expect(try first.ask(page, [cookie]).status != 401)
        first.child.kill(15)
        #expect(try first.child.finish().code == 0)
        let second = try DashboardServer([], fixture, token: first.token)
        #expect(try second.ask(page, [cookie]).status != 401)
        // The same name with another secret is another token.
        _ = try fixture.addToken("test", ["--replace"])
        #expect(try second.ask(page, [cookie]).status == 401)
    }

    @Test func `a cookie ends, and its token's end is the latest`() throws {
        let fixture = try Fixture()
        let short = try fixture.addToken("short", ["--expires", "2s"])
        let server = try DashboardServer(["--limit", "session=3s"], fixture)
        let cookie = try server.logIn("token=\(server.token)")
        let answer = try server.post("/login", "token=\(short)")
        let age = answer["Set-Cookie"]?.split(separator: "; ").first { $0.hasPrefix("Max-Age=") }
        #expect(["Max-Age=0", "Max-Age=1"].contains(age.map(String.init)), "\(answer.fields)")
        #expect(try eventually { try server.ask(page, [cookie]).status == 401 })
    }

    @Test func `a cookie that somebody changed is none`() throws {
        let server = try DashboardServer()
        let cookie = try server.logIn("token=\(server.token)")
        let parts = cookie.split(separator: ":").map(String.init)
        #expect(parts.count == 4)
        for changed in [
            [parts[0], parts[1], "99999999999", parts[3]],
            [parts[0], parts[1].replacing("test", with: "other"), parts[2], parts[3]],
            [parts[0], parts[1], parts[2], String(parts[3].reversed())],
            [parts[0], parts[1], parts[2], ""], [parts[0], parts[1], parts[2]],
            [parts[0], parts[1], "-1", parts[3]],
            [parts[0], parts[1], "99999999999999999999", parts[3]],
        ] {
            #expect(
                try server.ask(page, [changed.joined(separator: ":")]).status == 401, "\(changed)")
        }
        #expect(try server.ask(page, [cookie]).status != 401)
    }

    @Test func `after logging out the cookie is worth nothing`() throws {
        let server = try DashboardServer()
        let cookie = try server.logIn("token=\(server.token)")
        let other = try server.logIn("token=\(server.token)&next=/x")
        let answer = try server.post("/logout", "", [cookie])
        #expect(answer.status == 303)
        #expect(answer["Location"] == "/login")
        #expect(answer["Set-Cookie"]?.contains("Max-Age=0") == true)
        #expect(try server.ask(page, [cookie]).status == 401)
        // Those of one second are the same.
        if other != cookie { #expect(try server.ask(page, [other]).status != 401) }
    }

    @Test func `after five failures a minute even the right token waits`() throws {
        let server = try DashboardServer()
        for _ in 1...5 { #expect(try server.post("/login", "token=x").status == 401) }
        let answer = try server.post("/login", "token=\(server.token)")
        #expect(answer.status == 429)
        let wait = try #require(answer["Retry-After"].flatMap(Int.init))
        #expect((1...60).contains(wait))
        // It is the login that is limited.
        #expect(try server.askWithToken(page).status != 401)
        #expect(try server.ask("/login").status == 200)
    }

    @Test func `everything is below the base path`() throws {
        let server = try DashboardServer(["--base-path", "/deploys/"])
        #expect(try server.ask("/login").status == 404)
        #expect(try server.ask("/deploysx/login").status == 404)
        let form = try server.ask("/deploys/login")
        #expect(form.body.contains("action=\"/deploys/login\""))
        let answer = try server.post(
            "/deploys/login", "token=\(server.token)&next=/super-admin/deployments")
        #expect(answer["Location"] == "/deploys/super-admin/deployments")
        for next in [
            "/deploys/../shop", "/deploys/%252e%252E//shop", "/deploys/a/..?b", "/deploys/.",
        ] {
            let answer = try server.post("/deploys/login", "token=\(server.token)&next=\(next)")
            #expect(answer["Location"] == "/deploys/super-admin/deployments", "\(next)")
        }
        #expect(answer["Set-Cookie"]?.contains("; Path=/deploys; ") == true)
        #expect(try server.askWithToken("/deploys/super-admin/deployments").status != 404)
        let problem = try server.ask("/deploys/api/nothing")
        #expect(problem["Content-Type"] == "application/problem+json")
    }
}
