import Glibc
import JSON
import TestSupport
import Testing

/// The runs of CI that are pending, as the dashboard tells of them.
@Suite(
    "/api/admin/ci-queue",
    .enabled(if: GitHubStandIn.isPossible, "the GitHub CLI gh is not installed"),
    .enabled(if: JSONSchemaCheck.isPossible, "the Python package jsonschema is not installed"))
struct CIQueueRouteTests {
    private static let path = "/api/admin/ci-queue"
    private static let options = ["--github", "o/n", "--workflow", "deploy.yml"]

    private func server(_ queue: QueueFixture, _ options: [String]) throws -> DashboardServer {
        try DashboardServer(options, queue.fixture, environment: queue.environment())
    }

    @Test func `GitHub is asked, and its answer is kept`() throws {
        let queue = try QueueFixture([QueueFixture.three])
        let server = try server(queue, Self.options)
        #expect(try eventually { try server.askWithToken(Self.path).status == 200 })
        let answer = try server.askWithToken(Self.path)
        #expect(answer["Content-Type"] == "application/json")
        queue.fixture.write("queue.json", answer.body)
        try JSONSchemaCheck.validate([queue.fixture.directory.file("queue.json")], "ci-queue")
        #expect(answer.body.contains(#""queue_length": 3"#))
        #expect(answer.body.contains(#""sha": "\#(QueueFixture.lastSHA)""#))
        #expect(answer.body.contains(#""url": "https://github.com/o/n/actions/runs/1003""#))
        // Once, however often somebody looks.
        let asked = queue.github.requests.count
        for _ in 1...3 { #expect(try server.askWithToken(Self.path).status == 200) }
        #expect(queue.github.requests.count == asked)
    }

    @Test func `before GitHub answers, and when it does not, there is no queue`() throws {
        let queue = try QueueFixture([GitHubStandIn.trouble(status: 404)])
        let server = try server(queue, Self.options)
        let isTold = try eventually {
            let answer = try server.askWithToken(Self.path)
            #expect(answer.status == 503)
            #expect(answer["Retry-After"] != nil)
            return answer.body.contains("cannot ask GitHub: ")
        }
        #expect(isTold)
    }

    @Test func `a question under way holds up neither answers nor the end`() throws {
        let queue = try QueueFixture([GitHubStandIn.trouble(hang: 600)])
        let server = try server(queue, Self.options + ["--gh-timeout", "10m"])
        #expect(eventually { !queue.github.requests.isEmpty })
        let answer = try server.askWithToken(Self.path)
        #expect(answer.status == 503)
        #expect(answer.body.contains("GitHub has not answered yet"))
        server.child.kill(SIGTERM)
        #expect(try server.child.finish().code == 0)
    }

    @Test func `nobody is asked without --github`() throws {
        let queue = try QueueFixture([QueueFixture.three])
        let server = try server(queue, [])
        let answer = try server.askWithToken(Self.path)
        #expect(answer.status == 404)
        #expect(answer.body.contains("start the server with --github"))
        #expect(queue.github.requests.isEmpty)
    }

    @Test(arguments: [
        ["--github", "o/n"], ["--workflow", "deploy.yml"],
        ["--github", "nonsense", "--workflow", "deploy.yml"],
        ["--github", "o/n", "--workflow", ""], options + ["--gh-timeout", "never"],
    ])
    func `options that do not go together are usage errors`(_ options: [String]) throws {
        let fixture = try Fixture()
        #expect(try fixture.dashboard(fixture.tokenFileOption + options).code == 64)
    }
}
