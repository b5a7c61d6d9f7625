import TestSupport
import Testing

/// The names a server goes by: any page can have its own lead to 127.0.0.1.
@Suite struct HostTests {
    private static let paths = [
        "/super-admin/deployments", "/login", "/healthz", "/nothing", "/api/x",
    ]

    @Test(arguments: [
        "localhost", "LOCALHOST", "127.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "localhost:8080",
        "127.0.0.1:9999", "[::1]:80", "deploys.example.com", "deploys.example.com:443",
        "only.example.com:8443",
    ])
    func `a name of its own is answered`(_ host: String) throws {
        let server = try Self.server()
        #expect(try server.ask("/login", host: host).status == 200)
        #expect(try server.ask("/super-admin/deployments", host: host).status == 401)
    }

    @Test(arguments: [
        "evil.example", "localhost.evil.example", "evil.example:8080", "127.0.0.2", "[::2]",
        "deploys.example.com.", "only.example.com", "only.example.com:443",
    ])
    func `a foreign name is refused whatever is asked for`(_ host: String) throws {
        let server = try Self.server()
        for path in Self.paths {
            let answer = try server.ask(
                path, ["Authorization: Bearer \(server.token)"], host: host)
            #expect(answer.status == 421, "\(path)")
            #expect(answer["Content-Security-Policy"] != nil)
        }
        #expect(try server.ask("/login", method: "POST", host: host).status == 421)
    }

    @Test(arguments: [
        "", "local host", "localhost:", "localhost:0", "localhost:99999", "localhost:80:80", "[::1",
        "::1", "[localhost]", "user@localhost", "localhost/", "localhost,evil.example",
        "l\u{f6}calhost",
    ])
    func `what is no name is a bad request`(_ host: String) throws {
        let server = try Self.server()
        #expect(try server.ask("/login", host: host).status == 400)
    }

    @Test func `there is exactly one`() throws {
        let server = try Self.server()
        #expect(try server.ask("/login", host: nil).status == 400)
        #expect(try server.ask("/login", ["Host: localhost"], host: "localhost").status == 400)
        #expect(try server.ask("/login", ["Host: evil.example"], host: "localhost").status == 400)
    }

    @Test func `the authority of an absolute address counts`() throws {
        let server = try Self.server()
        #expect(try server.ask("http://localhost/login", host: "evil.example").status == 200)
        #expect(try server.ask("http://localhost:\(server.port)/login?x=y").status == 200)
        #expect(try server.ask("http://evil.example/login", host: "localhost").status == 421)
        #expect(try server.ask("http://evil.example/login", host: nil).status == 400)
    }

    @Test func `a server on a socket goes by names of loopback, too`() throws {
        let server = try DashboardServer(onSocket: true)
        #expect(try server.ask("/login", host: "localhost").status == 200)
        #expect(try server.ask("/login", host: "evil.example").status == 421)
    }

    private static func server() throws -> DashboardServer {
        try DashboardServer([
            "--allowed-host", "deploys.example.com", "--allowed-host", "only.example.com:8443",
        ])
    }
}
