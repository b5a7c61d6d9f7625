import Glibc
import JSON
import TestSupport
import Testing
import Wording

@Suite(
    "Which runs check-deploy-queue counts",
    .enabled(if: GitHubStandIn.isPossible, "the GitHub CLI gh is not installed"))
struct CheckQueueCountTests {
    /// What GitHub lists whatever status is asked for.
    private func listing(_ runs: [StandInRun]) -> (key: String, value: JSONValue) {
        GitHubStandIn.trouble(
            "/runs?",
            body: JSONValue.object([
                ("total_count", .integer(Int64(runs.count))),
                ("workflow_runs", .array(runs.map(\.json))),
            ]).line)
    }

    private static func ago(_ seconds: Int64) -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return RFC3339.toTheSecond((Int64(now.tv_sec) - seconds) * 1_000_000)
    }

    @Test(
        arguments: [
            ("completed", "success"), ("completed", nil), ("in_progress", "success"),
            ("queued", "cancelled"), ("waiting", "failure"), ("in_progress", "skipped"),
        ]
    )
    func `runs that have ended are not pending, however they are listed`(
        status: String, conclusion: String?
    ) throws {
        let ended = (1...3).map {
            StandInRun(id: 1000 + $0, status: status, conclusion: conclusion)
        }
        let queue = try QueueFixture([listing(ended)])
        let result = try queue.check(QueueFixture.place)
        #expect(result.output.hasPrefix("Pending: 0 deployments"), "\(result.output)")
        #expect(result.output.contains("DEPLOY: 0 deployments are pending"))
        // One that goes on beside them is.
        try queue.github.set([listing(ended + [StandInRun(id: 1004, status: "in_progress")])])
        #expect(try queue.check(QueueFixture.place).output.contains("Pending: 1 deployment ("))
        // The same in a file, also as gh lists it, where no conclusion is an empty text.
        let words = conclusion ?? ""
        queue.fixture.write(
            "runs.json",
            """
            [{"databaseId": 1, "status": "\(status)", "conclusion": "\(words)"},
             {"databaseId": 2, "status": "in_progress", "conclusion": ""}]
            """)
        let file = try queue.check(["--runs-json", queue.fixture.directory.file("runs.json")])
        #expect(file.output.hasPrefix("Pending: 1 deployment ("), "\(file.output)")
    }

    @Test func `a run that is listed twice counts as what it was last`() throws {
        let queue = try QueueFixture()
        queue.fixture.write(
            "runs.json",
            #"[{"databaseId": 1, "status": "queued"}, {"databaseId": 1, "status": "completed"}]"#)
        let file = try queue.check(["--runs-json", queue.fixture.directory.file("runs.json")])
        #expect(file.output.hasPrefix("Pending: 0 deployments ("))
    }

    @Test func `how long each run is pending is in the table, in the summary and in JSON`() throws {
        // A run that was started again is as old as that attempt.
        let again = StandInRun(
            id: 1002, attempt: 2, created: Self.ago(90 * 86400), started: Self.ago(3700))
        let queue = try QueueFixture([
            StandInRun.list([
                StandInRun(id: 1001, status: "in_progress", created: Self.ago(2 * 86400)), again,
                StandInRun(id: 1003, created: "0001-01-01T00:00:00Z"),
            ])
        ])
        let text = try queue.check([], environment: queue.job()).output
        #expect(text.contains("\n  RUN  STATUS       AGE  "))
        #expect(text.contains("\n  #1   in_progress  2d "), "\(text)")
        #expect(text.contains("\n  #2   queued       1h01m "), "\(text)")
        #expect(text.contains("\n  #3   queued       -  "), "\(text)")
        #expect(queue.fixture.read("summary.md").contains("| queued | 1h01m |"))
        let json = try queue.check(QueueFixture.place + ["--json"]).output
        #expect(json.contains("\"since\": \"\(again.started ?? "")\""))
        #expect(json.contains(/"age_seconds": 37\d\d\.?\d*,/), "\(json)")
        #expect(json.contains("\"age_seconds\": null"))
    }

    @Test func `--ignore excludes a status, --max-age old runs, and both are reported`() throws {
        let queue = try QueueFixture([
            StandInRun.list([
                StandInRun(id: 1001, status: "waiting", created: Self.ago(86400)),
                StandInRun(id: 1002, created: Self.ago(86400 * 40)),
                StandInRun(id: 1003, status: "in_progress", created: Self.ago(60)),
            ])
        ])
        #expect(try queue.check(QueueFixture.place).output.contains("SKIP: 3 deployments are"))
        let options = ["--ignore", "waiting", "--max-age", "6h", "--threshold", "2"]
        let result = try queue.check(options, environment: queue.job())
        #expect(
            result.output.contains("\nNot counted: #1 (waiting, 1d), #2 (older than 6h: 40d)\n"),
            "\(result.output)")
        let why =
            "1 deployment is pending, fewer than the threshold of 2; not counted: 1 waiting, "
            + "1 older than 6h"
        #expect(result.output.contains("DEPLOY: \(why).\n"))
        #expect(queue.fixture.read("output").contains("queue_length=1\n"))
        #expect(queue.fixture.read("output").contains("notice=Not skipped: \(why).\n"))
        let json = try queue.check(QueueFixture.place + options + ["--json"]).output
        #expect(json.contains("\"queue_length\": 1,"))
        #expect(json.contains("\"why\": \"waiting\""))
        #expect(json.contains("\"why\": \"older than 6h\""))
        // Twice means both; what is as old as may be counts.
        let both = try queue.check(
            QueueFixture.place + ["--ignore", "waiting", "--ignore", "queued"])
        #expect(both.output.contains("not counted: 1 waiting, 1 queued"), "\(both.output)")
        let old = try queue.check(QueueFixture.place + ["--max-age", "41d"])
        #expect(old.output.contains("SKIP: 3 deployments are pending"))
    }

    @Test func `a newer run that does not count is no reason to step aside`() throws {
        let queue = try QueueFixture([
            StandInRun.list([StandInRun(id: 1005, status: "waiting", created: Self.ago(60))])
        ])
        let job = queue.job(run: 1004)
        let options = ["--policy", "newest"]
        #expect(try queue.check(options, environment: job).output.contains("SKIP: a newer run"))
        let result = try queue.check(options + ["--ignore", "waiting"], environment: job)
        #expect(result.output.contains("DEPLOY: no newer run of main is pending"))
    }
}
