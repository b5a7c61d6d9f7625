import TestSupport
import Testing

/// Every address with no token, a wrong one, an expired one and a valid one.
@Suite struct AccessTests {
    /// A method, a path without anything to fill in, and who may ask.
    struct Address: Sendable, CustomStringConvertible {
        let method: String
        let path: String
        let access: String

        var description: String { "\(method) \(path) \(access)" }
    }

    private static func addresses(_ fixture: Fixture) throws -> [Address] {
        let result = try fixture.dashboard(["routes"])
        #expect(result.code == 0, "\(result.errors)")
        return result.output.split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init)
            return Address(
                method: words[0], path: words[1].replacing(/\{[a-z]+\}/, with: "1"),
                access: words[2])
        }
    }

    private func status(
        _ server: DashboardServer, _ address: Address, _ fields: [String] = []
    ) throws -> RawAnswer {
        let connection = try server.connect()
        let head = ["\(address.method) \(address.path) HTTP/1.1", "Host: localhost"] + fields
        connection.send((head + ["", ""]).joined(separator: "\r\n"))
        return try connection.answer(hasBody: false)
    }

    @Test func `a token opens what nothing else does`() throws {
        let fixture = try Fixture()
        let expired = try fixture.addToken("old", ["--expires", "0.001s"])
        let server = try DashboardServer([], fixture)
        let addresses = try Self.addresses(fixture)
        #expect(
            addresses.contains { $0.path == "/super-admin/deployments" && $0.access == "token" })
        for address in addresses where address.access != "everybody" {
            for fields in [
                [], ["Authorization: Bearer ddt_wrong"], ["Authorization: Bearer \(expired)"],
                ["Authorization: Basic \(server.token)"], ["Authorization: \(server.token)"],
                ["Cookie: token=\(server.token)"],
            ] {
                let answer = try status(server, address, fields)
                #expect(answer.status == 401, "\(address) \(fields)")
                #expect(
                    answer["WWW-Authenticate"] == "Bearer realm=\"deploy-dashboard\"", "\(address)")
            }
            let answer = try status(
                server, address, ["Authorization: Bearer \(server.token)"])
            #expect(![401, 403, 405, 421].contains(answer.status), "\(address)")
        }
    }

    @Test func `what is open to everybody is a short list`() throws {
        let fixture = try Fixture()
        let server = try DashboardServer([], fixture)
        for address in try Self.addresses(fixture) where address.access == "everybody" {
            let isKnown =
                ["/login", "/logout", "/healthz", "/readyz", "/favicon.ico", "/robots.txt"]
                .contains(
                    address.path) || address.path.hasPrefix("/assets/")
            #expect(isKnown, "\(address)")
            if address.method == "GET" {
                #expect(try status(server, address).status != 401, "\(address)")
            }
        }
    }

    @Test func `only login and logout take anything`() throws {
        let posts = try Self.addresses(Fixture()).filter { $0.method != "GET" }
        #expect(posts.map(\.description) == ["POST /login everybody", "POST /logout everybody"])
    }

    @Test func `public opens all to this machine`() throws {
        let fixture = try Fixture()
        let server = try DashboardServer(["--public"], fixture)
        for address in try Self.addresses(fixture) where address.method == "GET" {
            #expect(try status(server, address).status != 401, "\(address)")
        }
    }

    @Test func `a token is valid from when it is added until it is removed`() throws {
        let fixture = try Fixture()
        let server = try DashboardServer([], fixture)
        let late = try fixture.addToken("late")
        let fields = ["Authorization: Bearer \(late)"]
        #expect(try server.ask("/api/x", fields).status == 404)
        #expect(try server.ask("/super-admin/deployments", fields).status != 401)
        #expect(
            try fixture.dashboard(["token", "--remove", "late"] + fixture.tokenFileOption).code == 0
        )
        #expect(try server.ask("/super-admin/deployments", fields).status == 401)
        #expect(try server.askWithToken("/super-admin/deployments").status != 401)
    }

    @Test(arguments: ["0644", "0640", "0602"])
    func `a token file that others may read lets nobody in`(_ mode: String) throws {
        let fixture = try Fixture()
        let server = try DashboardServer([], fixture)
        _ = try ChildProcess.run(["chmod", mode, fixture.tokenFile])
        #expect(try server.askWithToken("/super-admin/deployments").status == 401)
        #expect(eventually { server.child.errors.contains("chmod 600") })
        _ = try ChildProcess.run(["chmod", "600", fixture.tokenFile])
        #expect(try server.askWithToken("/super-admin/deployments").status != 401)
    }
}
