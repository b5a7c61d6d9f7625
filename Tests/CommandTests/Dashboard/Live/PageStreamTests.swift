import SystemCalls
import TestSupport
import Testing

@Suite("The stream of an open page")
struct PageStreamTests {
    @Test func `tells of a deployment as it starts and ends`() throws {
        let server = try DashboardServer()
        let (stream, answer) = try server.stream("/events")
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "text/event-stream; charset=utf-8")
        #expect(answer["Cache-Control"] == "no-cache, no-transform")
        #expect(answer["X-Accel-Buffering"] == "no")
        // At once, before anything happens.
        try stream.read { $0.contains("event: tick\n") && $0.contains("retry: ") }
        let deployment = try server.fixture.hold("a")
        try stream.read { $0.contains("\"seq\":2,") }
        server.fixture.letGo("a")
        let text = try stream.read { $0.contains("\"seq\":3,") }
        let change = try #require(text.split(separator: "\n").last { $0.contains("\"seq\":3,") })
        for part in ["lock", "queue", "recent", "metrics", "alerts"] {
            #expect(change.contains("\"\(part)\""), "\(change)")
        }
        #expect(try deployment.finish().code == 0)
    }

    @Test func `tells of what only the lock knows`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let server = try DashboardServer([], fixture)
        let (stream, _) = try server.stream("/events")
        let before = try stream.read { $0.contains("event: change\n") }
        let script = ": > $HERE/up; while [ ! -e $HERE/go ]; do sleep 0.01; done"
        let stranger = try ChildProcess(
            ["flock", fixture.lock, "sh", "-c", script], environment: fixture.environment())
        #expect(eventually { fixture.exists("up") })
        let after = try stream.read {
            $0.components("event: change") > before.components("event: change")
        }
        let change = try #require(
            after.split(separator: "\n").last { $0.hasPrefix("data: {\"seq\"") })
        #expect(change.contains("\"lock\"") && !change.contains("\"recent\""), "\(change)")
        fixture.write("go", "")
        #expect(try stranger.finish().code == 0)
    }

    @Test(arguments: ["Last-Event-ID", "version"])
    func `says nothing of what a page has already`(name: String) throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let server = try DashboardServer([], fixture)
        let (first, _) = try server.stream("/events")
        let text = try first.read { $0.contains("event: change\n") && $0.hasSuffix("\n\r\n") }
        let version = try #require(text.eventIDs.last)
        let (again, _) =
            name == "version"
            ? try server.stream("/events?version=\(version)")
            : try server.stream("/events", ["\(name): \(version)"])
        try again.read { $0.contains("event: tick\n") }
        #expect(try fixture.run(["true"]).code == 0)
        // The first that comes is the new one.
        let news = try again.read { $0.contains("event: change\n") && $0.hasSuffix("\n\r\n") }
        #expect(news.components("event: change") == 1)
        #expect(news.eventIDs != [version])
    }

    @Test func `a stream too many is refused, and has room when another is closed`() throws {
        let server = try DashboardServer(["--max-streams", "1"])
        var open: RawConnection? = try server.stream("/events").0
        try open?.read { $0.contains("event: tick\n") }
        let refused = try server.askWithToken("/events")
        #expect(refused.status == 503)
        #expect((5...30).contains(Int(refused["Retry-After"] ?? "") ?? 0))
        #expect(try server.askWithToken("/api/admin/events").status == 503)
        #expect(try server.askWithToken("/healthz").status == 200)
        #expect(try server.figure("deploy_dashboard_streams") == 1)
        open = nil
        #expect(try eventually { try server.stream("/events").1.status == 200 })
    }

    @Test func `a client that leaves behind another request makes room`() throws {
        // The next word to it would tell, too.
        let server = try DashboardServer(["--limit", "tick=1h"])
        var stream: RawConnection? = try server.connect()
        let request =
            "GET /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(server.token)\r\n\r\n"
        stream?.send(String(repeating: request, count: 5))
        #expect(try eventually { try server.figure("deploy_dashboard_streams") == 1 })
        // What it did not read makes the kernel reset the connection.
        stream = nil
        #expect(try eventually { try server.figure("deploy_dashboard_streams") == 0 })
    }

    @Test func `a question for the head of a stream takes no room`() throws {
        let server = try DashboardServer(["--max-streams", "1"])
        for _ in 1...3 {
            #expect(try server.askWithToken("/events", method: "HEAD").status == 200)
        }
        #expect(try server.stream("/events").1.status == 200)
    }

    @Test(arguments: [["--remove", "test"], ["test", "--replace"]])
    func `ends when its token is removed or replaced`(change: [String]) throws {
        let server = try DashboardServer()
        let (stream, _) = try server.stream("/events")
        try stream.read { $0.contains("event: tick\n") }
        let changed = try server.fixture.dashboard(
            ["token"] + change + server.fixture.tokenFileOption)
        #expect(changed.code == 0, "\(changed.errors)")
        let text = try stream.rest()
        #expect(text.contains("event: bye\n") && text.contains("\"expired\""), "\(text)")
    }

    @Test func `a reader that stops reading is cut off, and disturbs nobody`() throws {
        let fixture = try Fixture()
        try fixture.fill(deployments: 4000)
        let server = try DashboardServer(["--limit", "stream=1s"], fixture)
        let (stuck, _) = try server.stream("/api/admin/events?after=0")
        let (reader, _) = try server.stream("/events")
        try reader.read { $0.contains("event: change\n") }
        let before = try reader.read { _ in true }.components("event: change")
        #expect(try fixture.run(["true"]).code == 0)
        try reader.read { $0.components("event: change") > before }
        #expect(try eventually { try server.figure("deploy_dashboard_streams_cut_total") == 1 })
        #expect(try eventually { try server.figure("deploy_dashboard_streams") == 1 })
        // What was on its way arrives, and then the end.
        _ = try? stuck.rest()
        #expect(try fixture.run(["true"]).code == 0)
        try reader.read { $0.components("event: change") > before + 1 }
    }
}

extension String {
    /// How often something is in it.
    fileprivate func components(_ text: String) -> Int {
        ranges(of: text).count
    }
}
