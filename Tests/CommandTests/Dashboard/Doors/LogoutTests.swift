import Glibc
import SystemCalls
import TestSupport
import Testing

/// What a logout is worth after the server was started again.
@Suite struct LogoutTests {
    private static let page = "/super-admin/deployments"

    /// Starts another server on the same files.
    private func restarted(
        _ server: DashboardServer, _ environment: [String: String?] = [:]
    ) throws -> DashboardServer {
        #expect(try server.stop().code == 0, "\(server.child.errors)")
        return try DashboardServer(
            [], server.fixture, token: server.token, environment: environment)
    }

    private func expect(
        _ server: DashboardServer, _ cookie: String, isLoggedIn: Bool,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(
            try server.ask(Self.page, [cookie]).status == (isLoggedIn ? 200 : 401),
            sourceLocation: location)
    }

    /// Logs two tokens in, and the first out again.
    private func cookies(_ server: DashboardServer) throws -> (left: String, kept: String) {
        let other = try server.fixture.addToken("other")
        let left = try server.logIn("token=\(server.token)")
        let kept = try server.logIn("token=\(other)")
        #expect(try server.post("/logout", "", [left]).status == 303)
        try expect(server, left, isLoggedIn: false)
        try expect(server, kept, isLoggedIn: true)
        return (left, kept)
    }

    @Test func `is remembered, and nobody else is logged out`() throws {
        let first = try DashboardServer()
        let (left, kept) = try cookies(first)
        let second = try restarted(first)
        try expect(second, left, isLoggedIn: false)
        try expect(second, kept, isLoggedIn: true)
        let file = first.fixture.directory.file("tokens.logouts")
        let status = try FileSystem.status(file)
        #expect(status.permissions == 0o600)
        let text = String(decoding: try FileSystem.read(file), as: UTF8.self)
        let seal = try #require(left.split(separator: ":").last)
        #expect(text.split(separator: "\n").count == 2 && !text.contains(seal), "\(text)")
    }

    @Test func `counts at once for another server with the same files`() throws {
        let first = try DashboardServer()
        let second = try DashboardServer([], first.fixture, token: first.token)
        let (left, kept) = try cookies(first)
        try expect(second, left, isLoggedIn: false)
        try expect(second, kept, isLoggedIn: true)
        #expect(try second.post("/logout", "", [kept]).status == 303)
        try expect(first, kept, isLoggedIn: false)
    }

    @Test func `goes where the service manager says`() throws {
        let fixture = try Fixture()
        try fixture.makeFolder("kept")
        let environment = ["STATE_DIRECTORY": fixture.directory.file("kept")]
        let first = try DashboardServer([], fixture, environment: environment)
        let (left, kept) = try cookies(first)
        #expect(fixture.exists("kept/logouts") && !fixture.exists("tokens.logouts"))
        let second = try restarted(first, environment)
        try expect(second, left, isLoggedIn: false)
        try expect(second, kept, isLoggedIn: true)
    }

    @Test func `where nothing can be written, logins end with the server`() throws {
        let environment = ["STATE_DIRECTORY": "/proc/1/nothing"]
        let first = try DashboardServer([], Fixture(), environment: environment)
        let (left, kept) = try cookies(first)
        let second = try restarted(first, environment)
        try expect(second, left, isLoggedIn: false)
        try expect(second, kept, isLoggedIn: false)
        // Nor does one of such a run work where logouts are remembered, or the other way round.
        let third = try restarted(second)
        try expect(third, kept, isLoggedIn: false)
    }

    @Test func `a file that cannot be read does not let anybody in again`() throws {
        let first = try DashboardServer()
        let (left, kept) = try cookies(first)
        let file = first.fixture.directory.file("tokens.logouts")
        #expect(unlink(file) == 0 && mkdir(file, 0o700) == 0)
        let second = try restarted(first)
        try expect(second, left, isLoggedIn: false)
        try expect(second, kept, isLoggedIn: false)
        #expect(second.child.errors.contains("logins end with this run of the server"))
    }
}
