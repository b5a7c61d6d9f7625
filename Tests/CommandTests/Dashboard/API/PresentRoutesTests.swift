import Glibc
import SQLite
import SystemCalls
import TestSupport
import Testing

/// What the dashboard answers about the present.
@Suite(
    "/api/admin/deployment-status and /api/admin/status",
    .enabled(if: JSONSchemaCheck.isPossible, "the Python package jsonschema is not installed"))
struct PresentRoutesTests {
    private static let path = "/api/admin/deployment-status"

    private func document(
        _ server: DashboardServer, _ query: String = ""
    ) throws -> SourceDocument {
        let answer = try server.askWithToken(Self.path + query)
        #expect(answer.status == 200, "\(answer.body)")
        #expect(answer["Content-Type"] == "application/json")
        return try SourceDocument(answer.body, in: server.fixture)
    }

    /// Everything, as its schema describes it.
    private func everything(_ server: DashboardServer) throws -> String {
        let answer = try server.askWithToken("/api/admin/status")
        #expect(answer.status == 200, "\(answer.body)")
        #expect(answer["Content-Type"] == "application/json")
        server.fixture.write("status.json", answer.body)
        try JSONSchemaCheck.validate([server.fixture.directory.file("status.json")], "status")
        return answer.body
    }

    @Test func `each state of the lock, while the server runs`() throws {
        let fixture = try Fixture()
        let server = try DashboardServer([], fixture)
        // Before the first deployment there is no ledger.
        #expect(try document(server).lock.status == "free")
        #expect(try document(server).lastDeployment == nil)
        #expect(try everything(server).contains(#""state": "free""#))

        let holder = try fixture.hold("a", options: ["--sha", "a1b2c3d4e5", "--tier", "docker"])
        let waiter = try fixture.wait("b")
        #expect(try eventually { try document(server).queue.length == 2 })
        let held = try document(server)
        #expect(held.lock.status == "locked")
        #expect(held.lock.holder?.pid == holder.pid)
        #expect(held.queue.runs.map(\.status) == ["in_progress", "queued"])
        let text = try everything(server)
        #expect(text.contains(#""state": "held""#))
        #expect(text.contains(#""waiting": 1"#))
        // What the ledger adds comes with its own news.
        #expect(try eventually { try everything(server).contains(#""events": 3"#) })
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(try waiter.finish().code == 0)
        try fixture.settle()
        #expect(try eventually { try document(server).lastDeployment?.tier == nil })
        #expect(try eventually { try document(server).lastDeployment != nil })
        #expect(try eventually { try document(server).lock.status == "free" })

        let stranger = try ChildProcess(["flock", fixture.lock, "sleep", "600"])
        #expect(try eventually { try document(server).lock.status == "locked" })
        #expect(try document(server).lock.holder == nil)
        kill(-stranger.pid, SIGKILL)
        #expect(try eventually { try document(server).lock.status == "free" })

        let wrapper = try fixture.hold("o")
        #expect(eventually { (try? fixture.outcomes().last) == "3 in flight" })
        try fixture.killBoth(wrapper)
        #expect(try eventually { try document(server).lock.status == "orphaned" })
        #expect(try document(server).queue.runs.map(\.status) == ["in_progress"])
        fixture.letGo("o")
        #expect(try eventually { try document(server).queue.length == 0 })
        #expect(try document(server).lock.status == "orphaned")
        #expect(try everything(server).contains(#""state": "dead_orphan""#))
        // It changes nothing.
        #expect(try fixture.outcomes().last == "3 in flight")

        #expect(try fixture.run(["true"]).code == 0)
        try fixture.freeze()
        #expect(try eventually { try everything(server).contains(#""frozen": true"#) })
        #expect(try document(server).lock.status == "free")
    }

    @Test func `a ledger of a newer version hides no lock`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        #expect(try document(server).lastDeployment != nil)
        try Connection(path: fixture.ledger, mode: .readWrite, busyTimeoutMilliseconds: 5000)
            .execute("PRAGMA user_version = 999")
        let holder = try fixture.hold("a")
        #expect(try eventually { try document(server).lastDeployment == nil })
        #expect(try eventually { try document(server).lock.holder?.pid == holder.pid })
        #expect(try everything(server).contains("install the newer version"))
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `other locks by their path, unknown ones not at all`() throws {
        let fixture = try Fixture()
        let other = fixture.directory.file("other lock+1.lock")
        let link = fixture.directory.file("link")
        symlink(fixture.directory.path, link)
        let server = try DashboardServer(
            ["--lock-file", fixture.lock, "--lock-file", other], fixture)
        let holder = try fixture.hold("a", options: ["--lock-file", other])
        let named = "?lock=" + other.replacing(" ", with: "%20").replacing("+", with: "%2B")
        #expect(try eventually { try document(server, named).lock.status == "locked" })
        #expect(try document(server).lock.status == "free")
        #expect(try document(server, "?lock=\(fixture.lock)").lock.status == "free")
        let linked = "?lock=\(link)/other%20lock%2B1.lock"
        #expect(try document(server, linked).lock.status == "locked")
        for unknown in ["/nowhere.lock", "deploy.lock", "/etc/passwd"] {
            let answer = try server.askWithToken("\(Self.path)?lock=\(unknown)")
            #expect(answer.status == 404, "\(unknown)")
            #expect(answer["Content-Type"] == "application/problem+json")
        }
        for query in ["?lock=", "?lock=/a&lock=/b", "?lokc=/a", "?lock=%ff", "?lock=/a%00"] {
            #expect(try server.askWithToken(Self.path + query).status == 400, "\(query)")
        }
        #expect(try server.askWithToken("/api/admin/status?lock=/a").status == 400)
        let text = try everything(server)
        #expect(text.contains(#""lock": "\#(other)""#))
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `a lock that cannot be read is a problem, not a status`() throws {
        let fixture = try Fixture()
        try fixture.makeFolder("locks")
        let lock = fixture.directory.file("locks/a.lock")
        let server = try DashboardServer(["--lock-file", lock], fixture)
        #expect(try document(server).lock.status == "free")
        try FileSystem.rename(
            fixture.directory.file("locks"), to: fixture.directory.file("elsewhere"))
        #expect(try eventually { try server.askWithToken(Self.path).status == 503 })
        let answer = try server.askWithToken(Self.path)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(answer["Retry-After"] != nil)
        #expect(answer.body.contains("cannot determine who holds \(lock)"))
        let text = try everything(server)
        for member in [#""state": "unknown""#, #""waiting": null"#, #""frozen": null"#] {
            #expect(text.contains(member), "\(text)")
        }
        try FileSystem.rename(
            fixture.directory.file("elsewhere"), to: fixture.directory.file("locks"))
        #expect(try eventually { try server.askWithToken(Self.path).status == 200 })
        #expect(try document(server).lock.status == "free")
    }

    @Test func `a command that somebody else noted is told without its secrets`() throws {
        let fixture = try Fixture()
        let gone = try ChildProcess(["true"])
        #expect(try gone.finish().code == 0)
        fixture.write(
            "deploy.info",
            "PID: \(gone.pid)\nUser: ann\nTimestamp: 1793613600\nHostname: \(Machine.hostName)\n"
                + "Command: ./deploy.sh --password=geheim123 web\n")
        let server = try DashboardServer([], fixture)
        #expect(try document(server).lock.status == "orphaned")
        for path in [Self.path, "/api/admin/status", "/super-admin/deployments"] {
            let body = try server.askWithToken(path).body
            #expect(body.contains("./deploy.sh"), "\(path)")
            #expect(!body.contains("geheim"), "\(path)")
        }
        let looks = [try fixture.look(), try fixture.stats("status")]
        for look in looks {
            #expect(look.output.contains("./deploy.sh") && !look.output.contains("geheim"))
        }
    }

    @Test func `nobody without a token, and no other method`() throws {
        let server = try DashboardServer()
        for path in [Self.path, "/api/admin/status", "/api/admin/ci-queue"] {
            #expect(try server.ask(path).status == 401)
            let answer = try server.askWithToken(path, method: "PUT")
            #expect(answer.status == 405)
            #expect(answer["Allow"]?.contains("GET") == true)
        }
    }

    @Test func `whoever has the newest is told so`() throws {
        let server = try DashboardServer()
        // The second may end between two questions.
        let isUnchanged = try eventually {
            let tag = try #require(try server.askWithToken(Self.path)["ETag"])
            #expect(tag.hasPrefix("W/\""))
            let again = try server.ask(
                Self.path, ["Authorization: Bearer \(server.token)", "If-None-Match: \(tag)"])
            return again.status == 304 && again.body.isEmpty
        }
        #expect(isUnchanged)
    }
}
