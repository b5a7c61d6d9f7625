import TestSupport
import Testing

@Suite(
    "check-deploy-queue without asking which runs there are",
    .enabled(if: GitHubStandIn.isPossible, "the GitHub CLI gh is not installed"))
struct CheckQueueSourceTests {
    private static let list = """
        [{"databaseId": 11, "number": 1, "status": "in_progress", "headSha": "aa", "headBranch": "main"},
         {"databaseId": 12, "number": 2, "status": "completed", "conclusion": "success"},
         {"databaseId": 13, "number": 3, "status": "requested", "headSha": "bb", "displayTitle": "T"}]
        """

    @Test func `runs that gh listed are read from a file and from standard input`() throws {
        let queue = try QueueFixture()
        queue.fixture.write("runs.json", Self.list)
        let file = queue.fixture.directory.file("runs.json")
        let two = try queue.check(["--runs-json", file, "--threshold", "2"])
        #expect(two.output.contains("\n  #3   requested    -    bb      -       -   T\n"))
        #expect(two.output.contains("SKIP: 2 deployments are pending"))
        #expect(two.output.contains("Last queued: #3 of commit bb (requested)."))
        let input = try queue.check(
            ["--runs-json", "-", "--threshold", "2", "--exclude-run", "13"], input: file)
        #expect(
            input.output.contains("DEPLOY: 1 deployment is pending, fewer than the threshold of 2"))
        #expect(queue.github.requests.isEmpty)
    }

    @Test(
        arguments: [
            nil, "", "[]x", "{\"a\": 1}", "[{\"status\": \"queued\"}]",
        ]
    )
    func `a file that is missing, empty or something else does not skip`(text: String?) throws {
        let queue = try QueueFixture()
        if let text { queue.fixture.write("runs.json", text) }
        let options = ["--runs-json", queue.fixture.directory.file("runs.json")]
        let result = try queue.check(options)
        #expect(result.code == 0)
        #expect(result.output.hasPrefix("DEPLOY: the queue is unknown: "))
        #expect(try queue.check(options + ["--strict"]).code == 3)
    }

    @Test func `--local shows the server's own queue: holder and waiters`() throws {
        let queue = try QueueFixture()
        #expect(try queue.check(["--local"]).output.contains("Pending: 0 deployments ("))
        let holder = try queue.fixture.hold("first", options: ["--sha", "abc123"])
        let waiter = try queue.fixture.start(["--sha", "f00d", "--ref", "topic", "--", "true"])
        #expect(eventually { waiter.errors.contains("waiting for") })
        let result = try queue.check(["--local", "--threshold", "2", "--skip-exit-code", "75"])
        #expect(result.code == 75)
        let rows = result.output.split(separator: "\n").map {
            $0.split(separator: " ").enumerated().filter { $0.offset != 2 }.map(\.element)
        }
        #expect(rows.contains { $0.starts(with: ["#1", "running", "abc123", "-"]) })
        #expect(rows.contains { $0.starts(with: ["#2", "waiting", "f00d", "topic"]) })
        #expect(result.output.contains("SKIP: 2 deployments are pending and the threshold is 2"))
        #expect(
            result.output.contains(
                "To deploy it now: deploy-with-lock --lock-file \(queue.fixture.lock) -- COMMAND"))
        #expect(try queue.check(["--local", "--threshold", "3"]).code == 0)
        queue.fixture.letGo("first")
        for child in [holder, waiter] { #expect(try child.finish().code == 0) }
        // A lock that somebody took without a word counts, too.
        let stranger = try ChildProcess([
            "flock", queue.fixture.lock, "sh", "-c", "echo locked; exec sleep 600",
        ])
        #expect(eventually { stranger.output == "locked\n" })
        let one = try queue.check(["--local", "--threshold", "1"])
        #expect(one.output.contains("SKIP: 1 deployment is pending"))
        stranger.kill(9)
        let nowhere = try queue.check(["--local", "--lock-file", "/nowhere/x.lock", "--strict"])
        #expect(nowhere.code == 3)
    }
}
