import Glibc
import JSON
import TestSupport
import Testing

@Suite(
    "check-deploy-queue in trouble",
    .enabled(if: GitHubStandIn.isPossible, "the GitHub CLI gh is not installed"))
struct CheckQueueTroubleTests {
    /// The run is not skipped, somebody is told why, and `--strict` has its code.
    private func expectOpen(
        _ queue: QueueFixture, _ options: [String] = [], because reason: String,
        environment: [String: String?] = [:]
    ) throws {
        let job = queue.job().merging(environment) { $1 }
        let result = try queue.check(options, environment: job)
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("DEPLOY: the queue is unknown: "))
        #expect(result.errors.hasPrefix("::warning title=check-deploy-queue::"), "\(result.errors)")
        #expect(result.errors.contains(reason), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(
            queue.fixture.read("output").hasPrefix(
                "should_skip=false\nqueue_length=\nreason=unknown\nnotice=Not skipped, unchecked: ")
        )
        #expect(
            queue.fixture.read("summary.md").hasPrefix("### Deploy queue: deploying, unchecked"))
        #expect(try queue.check(options + ["--strict"], environment: job).code == 3)
    }

    @Test func `a used-up rate limit is reported with its end`() throws {
        let queue = try QueueFixture([
            GitHubStandIn.trouble(
                status: 403,
                headers: [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1790000000")],
                body: #"{"message": "API rate limit exceeded"}"#)
        ])
        try expectOpen(queue, because: "the next request is allowed at 2026-09-21T14:13:20Z")
        // No request is wasted on a limit that is used up.
        #expect(queue.github.requests.count == 2)
    }

    @Test(
        arguments: [
            (500, #"{"message": "Server Error"}"#, "GitHub answered 500: Server Error"),
            (502, "<html>bad gateway</html>", "GitHub answered 502"),
            (403, #"{"message": "Resource not accessible"}"#, "GitHub answered 403: Resource not"),
            (401, #"{"message": "Bad credentials"}"#, "gh is not logged in: Bad credentials"),
            (200, "<html>hello</html>", "no JSON of the expected form"),
            (200, #"{"total_count": "many", "workflow_runs": []}"#, "no JSON of the expected form"),
            (200, "", "no JSON of the expected form"),
        ]
    )
    func `malformed answers are refused`(status: Int, body: String, reason: String) throws {
        let queue = try QueueFixture([
            GitHubStandIn.trouble(status: Int64(status), body: body)
        ])
        try expectOpen(queue, because: reason)
    }

    @Test(
        arguments: [502, 503, 504, 0]
    )
    func `a request is repeated once after a bad gateway or a lost connection`(status: Int64) throws
    {
        func trouble(_ times: Int64) -> (key: String, value: JSONValue) {
            GitHubStandIn.trouble(
                "status=pending", status: status, drop: status == 0, times: times)
        }
        // gh itself asks again when an idle connection turns out to be closed; a first one is not.
        let queue = try QueueFixture([QueueFixture.three, trouble(1)])
        let result = try queue.check(QueueFixture.place)
        #expect(result.output.hasPrefix("Pending: 3 deployments"), "\(result.errors)")
        let asked = queue.github.requests.count { $0.contains("status=pending") }
        let other = try QueueFixture([QueueFixture.three, trouble(.max)])
        try expectOpen(
            other, because: status == 0 ? "GitHub cannot be reached: " : "GitHub answered \(status)"
        )
        #expect(asked == 2)
        // Two runs of the tool.
        #expect(other.github.requests.count { $0.contains("status=pending") } == 4)
        #expect(!other.github.requests.contains { $0.contains("status=queued") })
    }

    @Test func `an unknown workflow or repository is reported`() throws {
        let queue = try QueueFixture([QueueFixture.three])
        try expectOpen(
            queue, ["--workflow", "other.yml"],
            because: "GitHub has no workflow 'other.yml' in o/n, or the token may not see it")
        let other = try queue.check(["--repo", "o/other", "--workflow", "deploy.yml"])
        #expect(other.code == 0)
        #expect(other.errors.contains("in o/other"))
    }

    @Test func `a server that does not answer is abandoned at the time limit`() throws {
        let queue = try QueueFixture([GitHubStandIn.trouble(hang: 600)])
        try expectOpen(queue, ["--gh-timeout", "1s"], because: "did not answer within 1s")
        // Once it has not answered it is not asked again.
        #expect(queue.github.requests.count <= 2)
    }

    @Test func `a closed port, a missing token and a missing gh are reported`() throws {
        let queue = try QueueFixture([QueueFixture.three])
        try expectOpen(
            queue, because: "gh is not logged in: ",
            environment: ["GH_TOKEN": nil, "GITHUB_TOKEN": nil])
        let other = try QueueFixture()
        try expectOpen(
            other, ["--gh", "/nowhere/gh"],
            because: "the GitHub CLI '/nowhere/gh' cannot be run: No such file or directory")
        let alone = try QueueFixture()
        try GitHubStandIn.write(
            "http_unix_socket: \(alone.fixture.directory.file("nobody"))\n",
            to: alone.github.directory.file("gh/config.yml"))
        try expectOpen(alone, because: "GitHub cannot be reached: ")
    }

    @Test func `a gh that floods is ended, and a killed one is reported`() throws {
        let queue = try QueueFixture()
        queue.fixture.write("flood", "#!/bin/sh\nexec yes\n")
        queue.fixture.write("killed", "#!/bin/sh\nkill -9 $$\n")
        for name in ["flood", "killed"] { chmod(queue.fixture.directory.file(name), 0o755) }
        try expectOpen(
            queue, ["--gh", queue.fixture.directory.file("flood"), "--gh-timeout", "1s"],
            because: "did not answer within 1s")
        let killed = try queue.check(
            QueueFixture.place + ["--gh", queue.fixture.directory.file("killed")])
        #expect(killed.errors.contains("gh ended with code 137"))
    }

    @Test func `outputs that cannot be written are a warning; the job deploys, the safe side`()
        throws
    {
        let queue = try QueueFixture([QueueFixture.three])
        var job = queue.job()
        job["GITHUB_OUTPUT"] = "/nowhere/output"
        let result = try queue.check(["--threshold", "9"], environment: job)
        #expect(result.code == 0)
        #expect(
            result.errors.contains("::warning title=check-deploy-queue::cannot write the outputs"))
        #expect(try queue.check(["--threshold", "9", "--strict"], environment: job).code == 3)
        // A skip that no later step is told of is none, whatever its own code.
        for code in ["0", "75"] {
            let skipped = try queue.check(
                ["--threshold", "1", "--strict", "--skip-exit-code", code], environment: job)
            #expect(skipped.code == 3, "\(skipped)")
        }
    }

    @Test(
        arguments: [
            [], ["--repo", "o"], ["--repo", "o/n"], ["--repo", "o/n", "--workflow", ""],
            ["--threshold", "-1"], ["--threshold", "x"], ["--policy", "random"],
            ["--local", "--policy", "newest"], ["--local", "--runs-json", "-"],
            ["--repo", "o/n", "--workflow", "d.yml", "--policy", "newest"],
            ["--repo", "o/n", "--workflow", "d.yml", "--gh-timeout", "soon"],
            ["--local", "--gh-timeout", "0"], ["--local", "--record", "--record-via", "ssh x"],
            ["--local", "--record-via", " "], ["--local", "--ignore", "waiting"],
            ["--local", "--max-age", "6h"],
            ["--repo", "o/n", "--workflow", "d.yml", "--ignore", "completed"],
            ["--repo", "o/n", "--workflow", "d.yml", "--max-age", "0"],
            ["--repo", "o/n", "--workflow", "d.yml", "--max-age", "old"],
            ["--local", "--skip-exit-code", "256"], ["--bogus"],
        ]
    )
    func `a usage error of check-deploy-queue is one line of advice and code 64`(
        arguments: [String]
    ) throws {
        let queue = try QueueFixture()
        let result = try queue.check(arguments)
        #expect(result.code == 64, "\(arguments): \(result.errors)")
        #expect(result.output.isEmpty)
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(result.errors.hasPrefix("check-deploy-queue: "))
        #expect(queue.github.requests.isEmpty)
    }
}
