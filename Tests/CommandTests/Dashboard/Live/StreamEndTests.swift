import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite("The end of streams")
struct StreamEndTests {
    @Test func `comes with the end of the login`() throws {
        let server = try DashboardServer(["--limit", "session=3s"])
        let cookie = try server.logIn("token=\(server.token)")
        let connection = try server.connect()
        connection.send(
            "GET /events HTTP/1.1\r\nHost: localhost\r\n\(cookie)\r\n"
                + "Accept: text/event-stream\r\n\r\n")
        #expect(try connection.answer(hasBody: false).status == 200)
        let text = try connection.rest()
        #expect(text.contains("event: tick\n"), "\(text)")
        #expect(text.contains("event: bye\n") && text.contains("\"expired\""), "\(text)")
        // The token itself is as good as ever.
        #expect(try server.ask("/events", [cookie]).status == 401)
        #expect(try server.stream("/events").1.status == 200)
    }

    @Test func `comes with a client that has vanished`() throws {
        let fixture = try Fixture()
        let server = try DashboardServer(["--limit", "gone=1s"], fixture)
        let streams = try ["/events", "/api/admin/events"].map { try server.stream($0).0 }
        for stream in streams { try stream.read { $0.contains("event: tick\n") } }
        let (reader, _) = try server.stream("/events")
        try reader.read { $0.contains("event: change\n") }
        #expect(try server.figure("deploy_dashboard_streams") == 3)
        for stream in streams { #expect(stream.vanish()) }
        // Something that they do not acknowledge.
        #expect(try fixture.run(["true"]).code == 0)
        try reader.read { $0.contains("\"seq\":3,") }
        #expect(try eventually { try server.figure("deploy_dashboard_streams") == 1 })
        // It is the kernel that gave them up, not the limit for a write.
        #expect(try server.figure("deploy_dashboard_streams_cut_total") == 0)
        #expect(try fixture.run(["true"]).code == 0)
        try reader.read { $0.contains("\"seq\":6,") }
        withExtendedLifetime(streams) {}
    }

    @Test func `a suspended client keeps its place until it takes nothing any more`() throws {
        let fixture = try Fixture()
        try fixture.fill(deployments: 4000)
        let server = try DashboardServer(
            ["--limit", "stream=1s", "--max-streams", "1"], fixture)
        let client = try ChildProcess([
            "python3", "-c",
            """
            import os, signal, socket, sys
            s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
            s.sendall(("GET /api/admin/events?after=0 HTTP/1.1\\r\\nHost: localhost\\r\\n"
                f"Authorization: Bearer {sys.argv[2]}\\r\\n\\r\\n").encode())
            s.recv(64)
            os.kill(os.getpid(), signal.SIGSTOP)
            """, String(server.port), server.token,
        ])
        #expect(try eventually { try server.figure("deploy_dashboard_streams_cut_total") == 1 })
        #expect(try eventually { try server.stream("/events").1.status == 200 })
        client.kill(SIGCONT)
        #expect(try client.finish().code == 0)
    }

    @Test func `comes with a last word for each of hundreds when the server is stopped`() throws {
        #expect(FileLimit.raise(to: 2048) >= 1200)
        let server = try DashboardServer()
        var streams: [RawConnection] = []
        for _ in 1...500 { streams.append(try server.stream("/events").0) }
        for stream in streams { try stream.read { $0.contains("event: tick\n") } }
        let start = Clock.monotonicMicroseconds()
        #expect(try server.stop().code == 0, "\(server.child.errors)")
        #expect(Clock.monotonicMicroseconds() - start < 10_000_000)
        for stream in streams {
            let text = try stream.rest()
            #expect(text.contains("event: bye\n") && text.contains("\"stop\""))
        }
    }
}
