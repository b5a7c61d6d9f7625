import TestSupport
import Testing

/// What is believed of what a proxy says.
@Suite struct ProxyTests {
    private let page = "/super-admin/deployments"

    /// Whether a login gets a cookie for HTTPS alone.
    private func isSecure(_ server: DashboardServer, _ fields: [String]) throws -> Bool {
        let answer = try server.post("/login", "token=\(server.token)", fields)
        #expect(answer.status == 303, "\(answer.body)")
        return answer["Set-Cookie"]?.contains("; Secure") == true
    }

    @Test(arguments: [[], ["--trusted-proxy", "10.0.0.1"], ["--trusted-proxy", "127.0.0.2/31"]])
    func `nobody else is believed`(_ options: [String]) throws {
        let server = try DashboardServer(options)
        #expect(try !isSecure(server, ["X-Forwarded-Proto: https"]))
        let host = try server.ask("/login", ["X-Forwarded-Host: evil.example"])
        #expect(host.status == 200)
        for number in 1...5 {
            let answer = try server.post(
                "/login", "token=x", ["X-Forwarded-For: 192.0.2.\(number)"])
            #expect(answer.status == 401)
        }
        #expect(try server.post("/login", "token=x", ["X-Forwarded-For: 192.0.2.9"]).status == 429)
        #expect(eventually { server.child.errors.contains("POST /login 429") })
        #expect(!server.child.errors.contains("192.0.2."))
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.0/8", "::ffff:127.0.0.1", "0.0.0.0/0"])
    func `a trusted one is`(_ proxy: String) throws {
        let server = try DashboardServer([
            "--trusted-proxy", proxy, "--allowed-host", "deploys.example.com",
        ])
        #expect(try isSecure(server, ["X-Forwarded-Proto: https"]))
        #expect(try !isSecure(server, ["X-Forwarded-Proto: http"]))
        #expect(try !isSecure(server, []))
        let evil = try server.ask("/login", ["X-Forwarded-Host: evil.example"])
        #expect(evil.status == 421)
        let own = try server.ask("/login", ["X-Forwarded-Host: deploys.example.com"])
        #expect(own.status == 200)
        #expect(try server.ask("/login", host: "evil.example").status == 421)
        // The page that sends the form has the name that the browser knows.
        let form = try server.ask(
            "/login", method: "POST",
            [
                "X-Forwarded-Host: deploys.example.com", "Origin: https://deploys.example.com",
                "Content-Type: application/x-www-form-urlencoded",
            ], body: "token=\(server.token)")
        #expect(form.status == 303)
    }

    @Test func `logins are counted for whoever is behind it`() throws {
        let server = try DashboardServer(["--trusted-proxy", "127.0.0.1"])
        let hops = "X-Forwarded-For: 198.51.100.66, 192.0.2.1"
        for _ in 1...5 { #expect(try server.post("/login", "token=x", [hops]).status == 401) }
        // What is further left is written by whoever likes to.
        let forged = "X-Forwarded-For: 203.0.113.7, 192.0.2.1"
        #expect(try server.post("/login", "token=x", [forged]).status == 429)
        let twoFields = ["X-Forwarded-For: 203.0.113.8", "X-Forwarded-For: 192.0.2.1, 127.0.0.1"]
        #expect(try server.post("/login", "token=x", twoFields).status == 429)
        let other = "X-Forwarded-For: 192.0.2.1, 192.0.2.2"
        #expect(try server.post("/login", "token=x", [other]).status == 401)
        #expect(eventually { server.child.errors.contains(" 192.0.2.2 -") })
        #expect(try server.post("/login", "token=x", ["X-Forwarded-For: nonsense"]).status == 401)
        #expect(eventually { server.child.errors.contains(" 127.0.0.1 -") })
    }

    @Test func `failures are limited in all, too`() throws {
        let server = try DashboardServer(["--trusted-proxy", "127.0.0.1"])
        for number in 1...50 {
            let from = "X-Forwarded-For: 192.0.2.\(number)"
            #expect(try server.post("/login", "token=x", [from]).status == 401)
        }
        let answer = try server.post("/login", "token=x", ["X-Forwarded-For: 198.51.100.1"])
        #expect(answer.status == 429)
    }

    @Test func `whoever may connect to a socket is a proxy when that is said`() throws {
        let plain = try DashboardServer(onSocket: true)
        #expect(try !isSecure(plain, ["X-Forwarded-Proto: https"]))
        #expect(try plain.ask(page).status == 401)
        let server = try DashboardServer(["--trusted-proxy", "unix"], onSocket: true)
        #expect(try isSecure(server, ["X-Forwarded-Proto: https"]))
        _ = try server.post("/login", "token=x", ["X-Forwarded-For: 192.0.2.1"])
        #expect(eventually { server.child.errors.contains(" 192.0.2.1 -") })
    }
}
