import SystemCalls
import TestSupport
import Testing

@Suite("A ledger that changes its state while it is served")
struct LedgerStateTests {
    private func statuses(_ server: DashboardServer) throws -> [Int] {
        try ["/healthz", "/readyz", "/metrics", "/api/admin/deployments"].map {
            try server.askWithToken($0).status
        }
    }

    @Test func `is missing, comes, and goes away`() throws {
        let server = try DashboardServer()
        #expect(try statuses(server) == [200, 503, 200, 503])
        #expect(try server.figure("deploy_dashboard_ledger_readable") == 0)
        let (stream, _) = try server.stream("/events")
        try stream.read { $0.contains("\"seq\":0,") }
        #expect(try server.fixture.run(["true"]).code == 0)
        #expect(try statuses(server) == [200, 200, 200, 200])
        try stream.read { $0.contains("\"seq\":3,") }
        try server.fixture.setLedgerAside()
        #expect(try statuses(server) == [200, 503, 200, 503])
        let answer = try server.askWithToken("/api/admin/deployments")
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(answer.body.contains("there is no ledger"), "\(answer.body)")
    }

    @Test func `is replaced by another one`() throws {
        let fixture = try Fixture()
        for _ in 1...2 { #expect(try fixture.run(["true"]).code == 0) }
        let server = try DashboardServer([], fixture)
        let (stream, _) = try server.stream("/events")
        let before = try stream.read { $0.contains("\"seq\":6,") }
        let tag = try #require(try server.askWithToken("/api/admin/deployments")["ETag"])
        try fixture.setLedgerAside()
        for _ in 1...2 { #expect(try fixture.run(["true"]).code == 0) }
        // As many events, another ledger.
        let after = try server.ask(
            "/api/admin/deployments",
            ["Authorization: Bearer \(server.token)", "If-None-Match: \(tag)"])
        #expect(after.status == 200)
        #expect(after.body.contains("\"number\": 4,") && !after.body.contains("\"number\": 2,"))
        let text = try stream.read { $0.hasSuffix("\n\r\n") && $0.count > before.count }
        #expect(Set(text.eventIDs.map { $0.prefix(16) }).count >= 2)
    }

    @Test func `is brought to a schema of a later version`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let server = try DashboardServer([], fixture)
        #expect(try statuses(server) == [200, 200, 200, 200])
        let (stream, _) = try server.stream("/events")
        try stream.read { $0.contains("event: change\n") }
        let changed = try ChildProcess.run(
            [
                "python3", "-c",
                "import sqlite3,sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version=99')",
                fixture.ledger,
            ])
        #expect(changed.code == 0, "\(changed.errors)")
        let text = try stream.read { $0.ranges(of: "event: change\n").count == 2 }
        #expect(text.eventIDs.last?.hasPrefix("none-0-") == true, "\(text)")
        #expect(try statuses(server) == [200, 503, 200, 503])
        let answer = try server.askWithToken("/api/admin/deployments")
        #expect(answer.body.contains("has schema 99"), "\(answer.body)")
        // The locks are seen all the same.
        #expect(try server.askWithToken("/badge/lock.json").body.contains("\"free\""))
    }
}
