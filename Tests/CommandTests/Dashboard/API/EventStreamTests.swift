import SystemCalls
import TestSupport
import Testing

@Suite("The events of the ledger as they come")
struct EventStreamTests {
    /// Reads a stream until it has brought that number of events.
    private func read(_ count: Int, _ connection: RawConnection) throws -> String {
        try connection.read { $0.ledgerEventIDs.count >= count && $0.hasSuffix("\n\r\n") }
    }

    @Test func `come from any place on, each once and in order, also over a restart`() throws {
        let fixture = try Fixture()
        for _ in 1...3 { #expect(try fixture.run(["true"]).code == 0) }
        let first = try DashboardServer([], fixture)
        let (all, _) = try first.stream("/api/admin/events?after=0")
        let ids = try read(9, all).ledgerEventIDs
        #expect(ids.count == 9)
        #expect(ids.map { $0.split(separator: ":").last ?? "" } == (1...9).map { "\($0)" })
        let (some, _) = try first.stream("/api/admin/events?after=\(ids[3])")
        #expect(try read(5, some).ledgerEventIDs == Array(ids[4...]))
        #expect(try first.stop().code == 0)
        #expect(try fixture.run(["true"]).code == 0)
        let second = try DashboardServer([], fixture, token: first.token)
        // What a browser sends counts more than what its script once wrote into the address.
        let (rest, _) = try second.stream(
            "/api/admin/events?after=0", ["Last-Event-ID: \(ids[8])"])
        let text = try read(3, rest)
        #expect(
            text.ledgerEventIDs.map { $0.split(separator: ":").last ?? "" } == ["10", "11", "12"])
        #expect(!text.contains("event: reset"))
        #expect(try fixture.run(["true"]).code == 0)
        #expect(
            try read(6, rest).ledgerEventIDs.map { $0.split(separator: ":").last ?? "" }
                == (10...15).map { "\($0)" })
    }

    @Test func `without a place only new ones come, and the first tick says from where`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let server = try DashboardServer([], fixture)
        let (stream, _) = try server.stream("/api/admin/events")
        let tick = try stream.read { $0.contains("event: tick\n") }
        #expect(tick.eventIDs.first?.hasSuffix(":3") == true, "\(tick)")
        #expect(try fixture.run(["true"]).code == 0)
        #expect(
            try read(3, stream).ledgerEventIDs.map { $0.split(separator: ":").last ?? "" }
                == ["4", "5", "6"])
    }

    @Test func `begin anew when the ledger is another one`() throws {
        let fixture = try Fixture()
        for _ in 1...2 { #expect(try fixture.run(["true"]).code == 0) }
        let server = try DashboardServer([], fixture)
        let (stream, _) = try server.stream("/api/admin/events?after=0")
        let old = try read(6, stream).ledgerEventIDs
        try fixture.setLedgerAside()
        #expect(try fixture.run(["true"]).code == 0)
        // One that begins anew may say so first.
        let count = try #require(Int(try fixture.query("SELECT max(seq) FROM event")[0]))
        let text = try read(6 + count, stream)
        let new = text.ledgerEventIDs.dropFirst(6)
        #expect(text.ranges(of: "event: reset\n").count == 1)
        #expect(new.map { $0.split(separator: ":").last ?? "" } == (1...count).map { "\($0)" })
        // Somebody who comes back with a place in the old one.
        let (again, _) = try server.stream("/api/admin/events", ["Last-Event-ID: \(old[5])"])
        let told = try read(count, again)
        #expect(told.contains("event: reset\n"))
        #expect(told.ledgerEventIDs == Array(new))
    }

    @Test func `begin anew when the ledger has gone back in time`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let server = try DashboardServer([], fixture)
        let (stream, _) = try server.stream("/api/admin/events?after=99")
        let text = try read(3, stream)
        #expect(text.contains("event: reset\n"))
    }

    @Test func `are the lines that the tool prints`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["--sha", "abcdef12", "true"]).code == 0)
        #expect(try fixture.run(["false"]).code == 1)
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        let (stream, _) = try server.stream("/api/admin/events?after=0")
        let lines = try read(6, stream).split(whereSeparator: \.isNewline).map(String.init)
        // Each directly behind its id.
        let data = lines.indices.dropFirst().filter { lines[$0 - 1].hasPrefix("id: ") }
            .map { lines[$0] }.filter { $0.hasPrefix("data: ") }.map { $0.dropFirst(6) + "\n" }
        #expect(try data.joined() == fixture.stats("events", "--format", "ndjson").output)
    }

    @Test func `can be selected by deployment`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["--tier", "docker", "true"]).code == 0)
        #expect(try fixture.run(["--tier", "lightning", "true"]).code == 0)
        let server = try DashboardServer([], fixture)
        let (stream, _) = try server.stream("/api/admin/events?after=0&tier=lightning")
        #expect(
            try read(3, stream).ledgerEventIDs.map { $0.split(separator: ":").last ?? "" }
                == ["4", "5", "6"])
    }

    @Test func `wait for a ledger that is not there yet`() throws {
        let server = try DashboardServer()
        let (stream, answer) = try server.stream("/api/admin/events")
        #expect(answer.status == 200)
        try stream.read { $0.contains("event: tick\n") }
        #expect(try server.fixture.run(["true"]).code == 0)
        let text = try read(3, stream)
        #expect(!text.contains("event: reset"))
        #expect(text.ledgerEventIDs.count == 3)
    }

    @Test func `a place that is none is refused`() throws {
        let server = try DashboardServer()
        for query in ["after=x", "after=", "after=-1", "after=1&after=2", "afer=1", "tier="] {
            let answer = try server.askWithToken("/api/admin/events?\(query)")
            #expect(answer.status == 400, "\(query)")
            #expect(answer["Content-Type"] == "application/problem+json")
        }
        let answer = try server.askWithToken("/api/admin/events?afer=1")
        #expect(answer.body.contains("did you mean 'after'?"), "\(answer.body)")
    }
}

extension Fixture {
    /// Moves the ledger away, as one is that was found damaged.
    func setLedgerAside() throws {
        let result = try ChildProcess.run(
            [
                "sh", "-c", "mkdir \"$1\" && mv \"$0\" \"$0\"-wal \"$0\"-shm \"$1\"", ledger,
                directory.file("aside"),
            ])
        try #require(result.code == 0, "\(result.errors)")
    }
}
