import JSON
import SystemCalls
import TestSupport
import Testing

@Suite(
    "deploystats import github",
    .enabled(if: GitHubStandIn.isPossible, "the GitHub CLI gh is not installed"))
struct ImportGitHubTests {
    private static let options = [
        "import", "github", "--repo", "o/n", "--workflow", "deploy.yml", "--since", "2026-09-01",
    ]

    private static func job(
        _ name: String, _ conclusion: String, _ started: String, _ completed: String
    ) -> JSONValue {
        .object([
            ("name", .string(name)), ("conclusion", .string(conclusion)),
            ("started_at", .string("2026-09-14T\(started)Z")),
            ("completed_at", .string("2026-09-14T\(completed)Z")),
        ])
    }

    /// A run that was started again, one that goes on, one that waits for approval, one that failed.
    private static var state: [(key: String, value: JSONValue)] {
        let first = StandInRun(
            id: 1001, status: "completed", conclusion: "failure", created: "2026-09-14T10:00:00Z")
        var second = first
        second.attempt = 2
        second.conclusion = "success"
        second.started = "2026-09-14T12:00:00Z"
        var third = first
        third.id = 1004
        return [
            StandInRun.list([
                second, StandInRun(id: 1002, status: "in_progress"),
                StandInRun(id: 1003, status: "completed", conclusion: "action_required"), third,
            ]),
            ("attempts", .object([("1001/1", first.json)])),
            (
                "jobs",
                .object([
                    (
                        "1001/1",
                        .array([job("build", "failure", "10:00:05", "10:03:00")])
                    ),
                    (
                        "1001/2",
                        .array([
                            job("build", "success", "12:00:05", "12:02:00"),
                            job("deploy (web)", "success", "12:02:10", "12:07:00"),
                            job("deploy (api)", "success", "12:02:20", "12:06:00"),
                        ])
                    ),
                    ("1003/1", .array([])),
                    ("1004/1", .array([job("deploy", "skipped", "10:00:00", "10:00:01")])),
                ])
            ),
        ]
    }

    private static let rows = """
        SELECT run_url || ' ' || outcome || ' ' || reason || ' ' || (held_us / 1000000) || ' '
            || strftime('%H:%M:%S', ended_at_us / 1000000, 'unixepoch') || ' ' || actor
        FROM deployment ORDER BY n
        """

    @Test func `every attempt is imported once; its end is that of its last job`() throws {
        let queue = try QueueFixture(Self.state)
        let result = try queue.stats(Self.options)
        #expect(result.code == 0, "\(result.errors)")
        #expect(
            result.output
                == "3 runs imported, 1 not ended yet, 1 left out (action_required)\n")
        let url = "https://github.com/o/n/actions/runs"
        let wanted = [
            "\(url)/1001 failed failure 180 10:03:00 ann",
            "\(url)/1001 succeeded success 420 12:07:00 ann",
            "\(url)/1004 failed failure 1 10:00:01 ann",
        ]
        let rows = try queue.fixture.query(Self.rows)
        #expect(rows == wanted, "\(rows)")
        #expect(
            try queue.fixture.query("SELECT record ->> '$.run_attempt' FROM event ORDER BY seq")
                == ["1", "2", "1"])
        #expect(
            try queue.fixture.query("SELECT DISTINCT kind || ' ' || host FROM event")
                == ["imported github.com"])

        // Again: nothing new, and nothing asked about what is known.
        let head = try queue.fixture.query("SELECT hex(hash) FROM event ORDER BY seq DESC LIMIT 1")
        let asked = queue.github.requests.count
        let again = try queue.stats(Self.options)
        #expect(again.output.hasPrefix("0 runs imported, 3 known already, "))
        #expect(
            try queue.fixture.query("SELECT hex(hash) FROM event ORDER BY seq DESC LIMIT 1") == head
        )
        let more = queue.github.requests.dropFirst(asked)
        #expect(!more.contains { $0.contains("/1001/") || $0.contains("/1004/") }, "\(more)")
        #expect(try queue.stats(["verify"]).code == 0)
    }

    @Test func `with --job the deploying job counts: its time, its end, and that it was skipped`()
        throws
    {
        let queue = try QueueFixture(Self.state)
        let result = try queue.stats(Self.options + ["--job", "deploy", "--tier", "docker"])
        #expect(result.output.contains("2 runs imported"))
        #expect(result.output.contains("2 left out (no such job)"))
        let url = "https://github.com/o/n/actions/runs"
        #expect(
            try queue.fixture.query(Self.rows) == [
                "\(url)/1001 succeeded success 290 12:07:00 ann",
                "\(url)/1004 skipped skipped 1 10:00:01 ann",
            ])
        let list = try queue.stats(["deployments", "--tier", "docker"])
        #expect(list.output.contains("2 deployments"))
    }

    @Test func `a listing of 1,000 and more is asked for again in halves, and nothing is missing`()
        throws
    {
        // All within one day, some hundreds in one second.
        let runs = (0..<1300).map { index -> StandInRun in
            let second = index < 400 ? 0 : index
            let time = [second / 3600, second / 60 % 60, second % 60]
                .map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":")
            return StandInRun(
                id: Int64(2000 + index), status: "completed", conclusion: "success",
                created: "2026-09-14T\(time)Z")
        }
        // Known already, so that only the listings are asked for.
        let queue = try QueueFixture([StandInRun.list(runs)])
        let file = queue.fixture.directory.file("runs.json")
        queue.fixture.write("runs.json", JSONValue.array(runs.map(\.json)).line)
        let first = try queue.stats(["import", "github", "--file", file])
        #expect(first.output == "1300 runs imported\n")
        let result = try queue.stats(Self.options)
        #expect(result.output == "0 runs imported, 1300 known already\n", "\(result.errors)")
        #expect(result.errors.isEmpty)
    }

    @Test func `10,000 runs imported twice: the second time changes nothing`() throws {
        let conclusions = ["success", "failure", "cancelled", "timed_out", "skipped", "stale"]
        let runs = (0..<10_000).map { index -> JSONValue in
            let minute = index % 60
            let time =
                "2026-0\(1 + index / 1500)-\(10 + index % 18)T\(10 + index / 60 % 13):"
                + (minute < 10 ? "0" : "") + "\(minute)"
            return .object([
                ("databaseId", .integer(Int64(5000 + index))), ("attempt", .integer(1)),
                ("status", .string("completed")),
                ("conclusion", .string(conclusions[index % conclusions.count])),
                ("createdAt", .string(time + ":00Z")), ("startedAt", .string(time + ":05Z")),
                ("updatedAt", .string(time + ":45Z")), ("headBranch", .string("main")),
                ("url", .string("https://github.com/o/n/actions/runs/\(5000 + index)")),
            ])
        }
        let queue = try QueueFixture()
        queue.fixture.write("runs.json", JSONValue.array(runs).line)
        let options = ["import", "github", "--file", queue.fixture.directory.file("runs.json")]
        let first = try queue.stats(options)
        #expect(first.output == "10000 runs imported\n", "\(first.errors)")
        let head = try queue.fixture.query(
            "SELECT seq || hex(hash) FROM event ORDER BY seq DESC LIMIT 1")
        #expect(try queue.stats(options).output == "0 runs imported, 10000 known already\n")
        // In another ledger's name for the repository, and through standard input.
        let input = try ChildProcess.run(
            [BuiltTool.path("deploystats"), "import", "github", "--repo", "o/n", "--file", "-"],
            environment: queue.environment(),
            input: queue.fixture.directory.file("runs.json"))
        #expect(input.output == "0 runs imported, 10000 known already\n", "\(input.errors)")
        #expect(
            try queue.fixture.query("SELECT seq || hex(hash) FROM event ORDER BY seq DESC LIMIT 1")
                == head)
        #expect(try queue.stats(["verify"]).code == 0)
        let metrics = try queue.stats(["metrics", "--since", "2026-01-01", "--until", "2026-12-31"])
        #expect(
            metrics.output.contains(
                "  Skip rate: imported CI runs, not in the rate: 1666 of 10000 skipped\n"),
            "\(metrics.output)")
        #expect(metrics.output.contains("1667 of 10000 timed out"))
        #expect(metrics.output.contains("Lock wait time       n/a"))
    }

    @Test func `a rate limit in the middle keeps what was imported, and the next run continues`()
        throws
    {
        let limit = GitHubStandIn.trouble(
            "/1004/", status: 403,
            headers: [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1790000000")])
        let queue = try QueueFixture(Self.state + [limit])
        let result = try queue.stats(Self.options)
        #expect(result.code == 1)
        #expect(result.output.isEmpty)
        #expect(
            result.errors
                == "deploystats: a new ledger begins: \(queue.fixture.ledger)\n"
                + "deploystats: GitHub's rate limit is used up; the next request is allowed at "
                + "2026-09-21T14:13:20Z; 2 runs imported, 1 not ended yet, 1 left out "
                + "(action_required): run it again, it goes on where it stopped\n")
        try queue.github.set(Self.state)
        #expect(try queue.stats(Self.options).output.hasPrefix("1 run imported, 2 known already"))
    }

    @Test func `a run with an impossible number of attempts is left out, and the others come in`()
        throws
    {
        var first = StandInRun(id: 1001, status: "completed", conclusion: "success")
        first.attempt = .max
        let second = StandInRun(id: 1002, status: "completed", conclusion: "success")
        let queue = try QueueFixture([StandInRun.list([first, second])])
        let result = try queue.stats(Self.options)
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output == "1 run imported, 1 left out (too many attempts)\n")
    }

    @Test func `however long a name is, an imported run can be exported and read again`() throws {
        let queue = try QueueFixture()
        let long = String(repeating: "x", count: 5 << 20)
        let times = #""createdAt": "2026-09-14T10:00:00Z", "updatedAt": "2026-09-14T10:01:00Z""#
        let url = "https://github.com/o/n/actions/runs/"
        queue.fixture.write(
            "runs.json",
            """
            [{"databaseId": 1, "status": "completed", "conclusion": "success", \(times),
              "headBranch": "\(long)", "url": "\(url)1"},
             {"databaseId": 2, "status": "completed", "conclusion": "\(long)", \(times),
              "url": "\(url)2"}]
            """)
        let file = queue.fixture.directory.file("runs.json")
        let result = try queue.stats(["import", "github", "--file", file])
        #expect(result.output.hasPrefix("1 run imported, 1 left out (xxx"))
        #expect(result.output.utf8.count < 200)
        queue.fixture.write("events", try queue.stats(["export"]).output)
        let copy = try queue.stats([
            "import", "--events", queue.fixture.directory.file("events"), "--ledger",
            queue.fixture.directory.file("copy.db"),
        ])
        #expect(copy.code == 0, "\(copy.errors)")
        #expect(copy.output.hasPrefix("1 event added"))
    }

    @Test func `runs whose jobs GitHub has forgotten end when they last changed`() throws {
        let queue = try QueueFixture([
            StandInRun.list([StandInRun(id: 1001, status: "completed", conclusion: "success")])
        ])
        #expect(try queue.stats(Self.options).output == "1 run imported\n")
        let ended = try queue.fixture.query(
            "SELECT datetime(ended_at_us / 1000000, 'unixepoch') FROM deployment")
        #expect(ended == ["2026-09-20 00:00:00"])
    }

    @Test func `a recorded skip and the same run imported later are one`() throws {
        let queue = try QueueFixture()
        let url = "https://github.com/o/n/actions/runs/77"
        let skip = try queue.stats([
            "record", "skip", "--source", "gha", "--reason", "ci-queue", "--queue", "3",
            "--run-url", url,
        ])
        #expect(skip.code == 0)
        let now = try queue.fixture.query(
            "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')")[0]
        queue.fixture.write(
            "runs.json",
            """
            {"databaseId": 77, "status": "completed", "conclusion": "success", "url": "\(url)",
             "createdAt": "\(now)", "startedAt": "\(now)", "updatedAt": "\(now)"}
            """)
        let file = queue.fixture.directory.file("runs.json")
        #expect(try queue.stats(["import", "github", "--file", file]).code == 0)
        let list = try queue.stats(["deployments"])
        #expect(list.output.contains("1 deployment ("), "\(list.output)")
        let metrics = try queue.stats(["metrics"])
        #expect(!metrics.output.contains("imported CI runs"))
        #expect(metrics.output.contains("Skip rate: 1 skipped (ci-queue: 1)"))
    }

    @Test(
        arguments: [
            (
                #"{"databaseId":"8","status":"completed"}"#,
                "'databaseId' has a value of the wrong type"
            ),
            (#"{"status":"completed"}"#, "'databaseId' is missing"),
            (#"{"databaseId":8,"status":null}"#, "'status' is null"),
            (#"{"databaseId":8,"status":"completed","attempt":"2"}"#, "'attempt' has a value of"),
        ]
    )
    func `a list with one wrong run is refused as a whole, with the run and the reason`(
        run: String, says: String
    ) throws {
        let queue = try QueueFixture()
        let good =
            #"{"databaseId":7,"attempt":1,"status":"completed","conclusion":"success","#
            + #""createdAt":"2026-03-01T10:00:00Z","updatedAt":"2026-03-01T10:01:00Z","#
            + #""url":"https://github.com/o/n/actions/runs/7"}"#
        let file = queue.fixture.directory.file("runs.json")
        for list in ["[\(good),\(run)]", #"{"total_count":2,"workflow_runs":[\#(good),\#(run)]}"#] {
            queue.fixture.write("runs.json", list)
            let result = try queue.stats(["import", "github", "--file", file])
            #expect(result.code == 1)
            #expect(
                result.errors.hasPrefix("deploystats: \(file), run 2 in it: \(says)"), "\(result)")
            #expect(!queue.fixture.exists("state"))
        }
        queue.fixture.write("runs.json", #"{"message":"Not Found"}"#)
        let other = try queue.stats(["import", "github", "--file", file])
        #expect(other.errors.contains("runs.json is not what 'gh run list --json databaseId,"))
        queue.fixture.write("runs.json", "[\(good)]")
        #expect(try queue.stats(["import", "github", "--file", file]).output == "1 run imported\n")
    }

    @Test(
        arguments: [
            ([], 64), (["--repo", "o/n"], 64), (["--repo", "o", "--file", "x"], 64),
            (["--file", "/nowhere/x"], 1), (["--file", "/dev/null"], 1),
            (["--file", "/dev/null", "--since", "soon"], 64), (["--file", "x", "--job", ""], 64),
            (["--file", "x", "--gh-timeout", "0"], 64),
        ]
    )
    func `usage errors and files that are something else are refused`(options: [String], code: Int)
        throws
    {
        let queue = try QueueFixture()
        let result = try queue.stats(["import", "github"] + options)
        #expect(result.code == CInt(code), "\(options) \(result.errors)")
        #expect(result.errors.hasPrefix("deploystats: "))
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(!queue.fixture.exists("state"))
    }

    @Test func `the documented command's output is imported as the runs themselves are`() throws {
        let runs = (0..<250).map {
            StandInRun(id: 2000 + $0, status: "completed", conclusion: "success", attempt: 2)
        }
        let queue = try QueueFixture([StandInRun.list(runs)])
        let listed = try ChildProcess.run(
            [
                "gh", "api", "--paginate",
                "repos/o/n/actions/workflows/deploy.yml/runs?per_page=100",
            ], environment: queue.environment())
        #expect(listed.code == 0, "\(listed.errors)")
        #expect(queue.github.requests.count == 3)
        queue.fixture.write("runs.json", listed.output)
        let options = ["import", "github", "--file", queue.fixture.directory.file("runs.json")]
        #expect(try queue.stats(options).output == "250 runs imported\n")
        #expect(try queue.stats(options).output.contains("250 known already"))
        #expect(
            try queue.fixture.query(
                "SELECT DISTINCT json_extract(record, '$.run_attempt') FROM event") == ["2"])
    }
}
