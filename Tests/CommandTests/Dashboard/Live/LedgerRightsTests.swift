import Glibc
import SQLite
import SystemCalls
import TestSupport
import Testing

/// A ledger beside which the server may write nothing.
@Suite(
    "A ledger whose directory is closed",
    .enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
struct LedgerRightsTests {
    private static let paths = ["/readyz", "/api/admin/deployments", "/super-admin/deployments/1"]

    private func statuses(_ server: DashboardServer) throws -> [Int] {
        try Self.paths.map { try server.askWithToken($0).status }
    }

    /// A ledger with a deployment in its file and one in its log, open for everybody to read.
    private func fixture() throws -> Fixture {
        let fixture = try Fixture()
        for number in 1...2 {
            #expect(try fixture.run(["true"]).code == 0)
            try fixture.settle()
            if number == 1 { try emptyLog(fixture) }
        }
        try open(fixture)
        return fixture
    }

    /// Brings what is in the log into the file.
    private func emptyLog(_ fixture: Fixture) throws {
        try Connection(path: fixture.ledger, mode: .readWrite, busyTimeoutMilliseconds: 5000)
            .execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    private func open(_ fixture: Fixture) throws {
        let result = try ChildProcess.run(
            [
                "sh", "-c", "chmod 755 \"$1\" && chmod 644 \"$0\"*", fixture.ledger,
                Path.parent(of: fixture.ledger),
            ])
        #expect(result.code == 0, "\(result.errors)")
    }

    /// A server of a user who may write nowhere beside it.
    private func server(of user: OtherUser, _ fixture: Fixture) throws -> DashboardServer {
        let command = OtherUser.prefix + [user.tool]
        let made = try ChildProcess.run(
            command + ["token", "test"] + fixture.tokenFileOption,
            environment: fixture.environment())
        #expect(made.code == 0, "\(made.errors)")
        return try DashboardServer(
            [], fixture, token: String(made.output.dropLast()), command: command)
    }

    /// Moves files of the ledger to another directory, or back.
    private func move(_ endings: [String], of fixture: Fixture, isBack: Bool = false) throws {
        try fixture.makeFolder("aside")
        for ending in endings {
            let places = [fixture.ledger + ending, fixture.directory.file("aside/x\(ending)")]
            try FileSystem.rename(places[isBack ? 1 : 0], to: places[isBack ? 0 : 1])
        }
    }

    /// Expects what is said of a ledger that cannot be read, and that the lock is still shown.
    private func expectMissing(_ server: DashboardServer) throws {
        #expect(try eventually { try statuses(server) == [503, 503, 503] })
        let answer = try server.askWithToken("/api/admin/deployments")
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(answer.body.contains("-wal or -shm is missing beside it"), "\(answer.body)")
        #expect(
            try eventually {
                let page = try server.askWithToken("/super-admin/deployments")
                return page.status == 200 && page.body.contains("The ledger cannot be read.")
                    && page.body.contains("data-say=\"The lock is free\"")
            })
        #expect(try server.askWithToken("/badge/lock.json").body.contains("\"free\""))
    }

    @Test func `is read by another user, and followed as it grows`() throws {
        let fixture = try fixture()
        let user = try OtherUser(tool: "deploy-dashboard")
        let server = try server(of: user, fixture)
        #expect(try statuses(server) == [200, 200, 200])
        let (stream, _) = try server.stream("/events")
        try stream.read { $0.contains("event: change\n") }
        #expect(try fixture.run(["--sha", "abcdef1234", "true"]).code == 0)
        try fixture.settle()
        try stream.read { $0.contains("\"seq\":9,") }
        let answer = try server.askWithToken("/api/admin/deployments")
        #expect(answer.body.contains("abcdef1234"), "\(answer.body)")
    }

    @Test func `is read on a file system that is read-only, and followed as it grows`() throws {
        let fixture = try fixture()
        let state = Path.parent(of: fixture.ledger)
        let mounts = try PrivateMounts(
            "mount --bind \(state) \(state); mount -o remount,bind,ro \(state)")
        let server = try DashboardServer(
            [], fixture, command: mounts.prefix + [BuiltTool.path("deploy-dashboard")])
        #expect(try statuses(server) == [200, 200, 200])
        let (stream, _) = try server.stream("/events")
        try stream.read { $0.contains("event: change\n") }
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        try stream.read { $0.contains("\"seq\":9,") }
        #expect(try statuses(server) == [200, 200, 200])
        withExtendedLifetime(mounts) {}
    }

    @Test(arguments: [["-shm"], ["-wal"], ["-shm", "-wal"]])
    func `tells what is missing beside it, and goes on when that is back`(
        _ endings: [String]
    ) throws {
        let fixture = try fixture()
        let user = try OtherUser(tool: "deploy-dashboard")
        let server = try server(of: user, fixture)
        #expect(try statuses(server) == [200, 200, 200])
        try move(endings, of: fixture)
        try expectMissing(server)
        try move(endings, of: fixture, isBack: true)
        #expect(try eventually { try statuses(server) == [200, 200, 200] })
    }

    @Test func `is read again when the next deployment makes what is missing`() throws {
        let fixture = try fixture()
        let user = try OtherUser(tool: "deploy-dashboard")
        let server = try server(of: user, fixture)
        #expect(try statuses(server) == [200, 200, 200])
        try emptyLog(fixture)
        for ending in ["-shm", "-wal"] { try? FileSystem.unlink(fixture.ledger + ending) }
        try expectMissing(server)
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        // With the rights of the ledger's own file.
        #expect(try eventually { try statuses(server) == [200, 200, 200] })
        let answer = try server.askWithToken("/api/admin/deployments")
        #expect(answer.body.contains("\"number\": 3,") && answer.body.contains("\"number\": 1,"))
    }
}
