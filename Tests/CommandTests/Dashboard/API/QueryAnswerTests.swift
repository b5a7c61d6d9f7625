import TestSupport
import Testing

@Suite("Named queries and metrics through the API")
struct QueryAnswerTests {
    @Test func `an answer is that of the tool, as JSON and as CSV`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["--sha", "abc1234", "true"]).code == 0)
        let server = try DashboardServer(["--tz", "UTC"], fixture)
        for format in ["json", "csv"] {
            let answer = try server.askWithToken(
                "/api/admin/queries/commit?sha=abc1234&format=\(format)")
            let printed = try fixture.stats([
                "query", "commit", "abc1234", "--tz", "UTC", "--format", format,
            ])
            #expect(answer.status == 200, "\(answer.body)")
            #expect(answer.body.contains("abc1234"))
            let squeezed = { (text: String) in text.filter { !" \n".contains($0) } }
            #expect(squeezed(answer.body) == squeezed(printed.output))
        }
    }

    @Test func `no more rows than wanted, and it says so`() throws {
        let fixture = try Fixture()
        for _ in 1...3 { #expect(try fixture.run(["--actor", "ann", "false"]).code == 1) }
        let server = try DashboardServer([], fixture)
        let some = try server.askWithToken("/api/admin/queries/failures?limit=2")
        #expect(some.body.contains("\"truncated\": true"), "\(some.body)")
        let all = try server.askWithToken("/api/admin/queries/failures?limit=3")
        #expect(all.body.contains("\"truncated\": false"), "\(all.body)")
    }

    @Test func `one that takes too long is given up`() throws {
        let fixture = try Fixture()
        try fixture.fill(deployments: 2000)
        let server = try DashboardServer(["--limit", "query=1000us"], fixture)
        let answer = try server.askWithToken("/api/admin/queries/slow")
        #expect(answer.status == 503)
        #expect(answer.body.contains("took too long"), "\(answer.body)")
        #expect(try server.askWithToken("/api/admin/deployments").status == 200)
    }

    @Test func `what cannot be meant is refused`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let server = try DashboardServer([], fixture)
        for (path, status, words) in [
            ("nothing", 404, "unknown query"), ("unknown-values", 404, "unknown query"),
            ("commit", 400, "requires 'sha'"), ("commit?sha=a&lokc=b", 400, "'lock'"),
            ("commit?sha=a&sha=b", 400, "given twice"), ("slow?limit=5000", 400, "1000"),
            ("blocked-by?waiter=99", 404, "99"),
        ] {
            let answer = try server.askWithToken("/api/admin/queries/\(path)")
            #expect(answer.status == status, "\(path) \(answer.body)")
            #expect(answer.body.contains(words), "\(path) \(answer.body)")
        }
    }

    @Test func `metrics are those of the tool`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let server = try DashboardServer([], fixture)
        let window = ["2026-01-01", "2027-01-01"]
        let answer = try server.askWithToken(
            "/api/admin/metrics?since=\(window[0])&until=\(window[1])&tz=UTC&format=csv")
        let printed = try fixture.stats([
            "metrics", "--since", window[0], "--until", window[1], "--tz", "UTC", "--format",
            "csv",
        ])
        #expect(answer.status == 200)
        #expect(answer.body == printed.output)
    }
}
