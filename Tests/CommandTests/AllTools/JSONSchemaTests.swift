import JSON
import SystemCalls
import TestSupport
import Testing

/// What the tools print as JSON is what `docs/schema` describes.
@Suite(
    "The schemas of JSON documents",
    .enabled(if: JSONSchemaCheck.isPossible, "the Python package jsonschema is not installed"))
struct JSONSchemaTests {
    private func validate(_ files: [String], _ schema: String) throws {
        try JSONSchemaCheck.validate(files, schema)
    }

    /// Validates what a command prints with `--format json`.
    private func check(_ fixture: Fixture, _ schema: String, _ arguments: String...) throws {
        let result = try fixture.stats(arguments + ["--format", "json"])
        #expect(!result.output.isEmpty, "\(arguments) \(result.errors)")
        fixture.write("document.json", result.output)
        try validate([fixture.directory.file("document.json")], schema)
    }

    @Test func `reports of a rich ledger`() throws {
        let golden = Repository.path("Tests/ReportingTests/Golden/")
        try validate([golden + "metrics.json"], "metrics")
        try validate([golden + "report.json"], "report")
    }

    @Test func `what deploystats prints of an empty ledger`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let window = ["--since", "2020-01-01", "--until", "2020-01-02"]
        for (schema, command) in [
            ("metrics", "metrics"), ("report", "report"), ("deployments", "deployments"),
            ("events", "events"),
        ] {
            fixture.write(
                "document.json",
                try fixture.stats([command, "--format", "json"] + window).output)
            try validate([fixture.directory.file("document.json")], schema)
        }
    }

    @Test func `what deploystats prints of a lively ledger`() throws {
        let fixture = try Fixture()
        let run = ["--sha", "abc1234", "--ref", "main", "--run-url", "https://ci.example/7"]
        #expect(try fixture.run(["--tier", "docker"] + run + ["true"]).code == 0)
        #expect(try fixture.run(["--tier", "lightning", "sh", "-c", "exit 3"]).code == 3)
        #expect(try fixture.run(["sh", "-c", "kill -9 $$"]).code == 137)
        let first = try fixture.hold("a", options: Fixture.batch + ["--sha", "aaa1111"])
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        #expect(try fixture.run(["--max-queue", "1", "true"]).code == 0)
        #expect(try fixture.run(["--timeout", "1", "true"]).code == 1)
        let second = try fixture.join(["--sha", "bbb2222"] + Fixture.batch, "true")
        let third = try fixture.wait("c", options: Fixture.batch + ["--sha", "ccc3333"])
        try fixture.settle()
        fixture.write(
            "runs.json",
            """
            [{"id": 7, "status": "completed", "conclusion": "success", "name": "Deploy",
              "event": "push", "created_at": "2026-09-14T10:00:00Z",
              "updated_at": "2026-09-14T10:05:00Z",
              "html_url": "https://github.com/o/n/actions/runs/7"}]
            """)
        #expect(
            try fixture.stats(
                "import", "github", "--file", fixture.directory.file("runs.json")
            ).code == 0)

        try check(fixture, "metrics", "metrics", "--tier", "docker", "--event", "push")
        try check(fixture, "report", "report", "--week", "this-week")
        try check(fixture, "report", "report", "--since", "2026-01-01", "--until", "2026-12-31")
        for metric in ["lock-wait-time", "skip-rate", "success-rate", "queue-length"] {
            try check(fixture, "explain", "explain", metric)
        }
        try check(fixture, "deployments", "deployments")
        try check(fixture, "deployments", "deployments", "--since", "-1h", "--source", "manual")
        try check(fixture, "events", "events")
        for number in ["1", "2", "3", "4"] { try check(fixture, "show", "show", number) }
        try check(fixture, "query", "query", "slow")
        try check(fixture, "query", "query", "actor", "root", "--since", "-1h")
        try check(fixture, "query", "sql", "SELECT 1 AS a, 2.5 AS b, NULL AS c, x'00ff' AS d")
        try check(fixture, "query-list", "query", "list", "--all")
        try check(fixture, "query-show", "query", "show", "slow")
        try check(fixture, "alerts", "alerts")
        for notification in [
            ["report", "--format", "notification", "--since", "-1h"],
            ["report", "--format", "notification", "--week", "2020-W01"],
        ] {
            fixture.write("document.json", try fixture.stats(notification).output)
            try validate([fixture.directory.file("document.json")], "notification")
        }
        let told = fixture.directory.file("told.json")
        _ = try fixture.stats("alerts", "--notify", "head -n 1 > \(told)")
        try validate([told], "notification")
        _ = try fixture.run([
            "--notify", "cat > \(told)", "--sha", "abc", "--health-check", "false",
            "--health-delay",
            "0", "--health-retries", "1", "--rollback", "false", "--lock-file",
            fixture.directory.file("other.lock"), "true",
        ])
        try validate([told], "notification")
        try check(fixture, "verify", "verify")
        try check(fixture, "verify", "verify", "--head", "1:" + String(repeating: "0", count: 64))
        try check(fixture, "queue", "queue")
        try check(fixture, "status", "status")
        try check(fixture, "freezes", "freezes")
        try check(fixture, "doctor", "doctor")
        try fixture.freeze()
        fixture.write("deploy.lock.queue/freeze-odd", "")
        try check(fixture, "freezes", "freezes")
        for held in [true, false] {
            if !held {
                try fixture.unfreeze()
                fixture.letGo("a")
                for process in [first, second, third] { _ = try process.finish() }
                try fixture.settle()
                for number in ["4", "8", "9"] { try check(fixture, "show", "show", number) }
            }
            let status = try ChildProcess.run(
                [BuiltTool.path("check-deploy-lock"), "--json"],
                environment: fixture.environment())
            fixture.write("status.json", status.output)
            try validate([fixture.directory.file("status.json")], "lock-status")
            let queue = try ChildProcess.run(
                [BuiltTool.path("check-deploy-queue"), "--local", "--json"],
                environment: fixture.environment())
            fixture.write("queue.json", queue.output)
            try validate([fixture.directory.file("queue.json")], "deploy-queue")
        }
    }

    @Test func `the state of a lock that cannot be read, and a queue that cannot be counted`()
        throws
    {
        let fixture = try Fixture()
        let status = try ChildProcess.run(
            [
                BuiltTool.path("check-deploy-lock"), "--json", "--lock-file",
                fixture.directory.file("missing/deploy.lock"),
            ], environment: fixture.environment())
        fixture.write("status.json", status.output)
        try validate([fixture.directory.file("status.json")], "lock-status")
        fixture.write("runs.json", "garbage")
        let queue = try ChildProcess.run(
            [
                BuiltTool.path("check-deploy-queue"), "--json", "--runs-json",
                fixture.directory.file("runs.json"),
            ], environment: fixture.environment())
        fixture.write("queue.json", queue.output)
        try validate([fixture.directory.file("queue.json")], "deploy-queue")
    }

    @Test func `each schema is named in docs/json.md, and says what a wrong document lacks`() throws
    {
        let text = String(
            decoding: try FileSystem.read(Repository.path("docs/json.md")), as: UTF8.self)
        for name in try FileSystem.entries(of: JSONSchemaCheck.schemas) {
            #expect(text.contains("schema/\(name)"), "\(name)")
        }
        let fixture = try Fixture()
        for (document, says) in [
            (#"{"whole":true,"format":1}"#, "'format' is not its first member"),
            (#"{"format":2}"#, "1 was expected"), (#"{"format":1}"#, "'whole' is a required"),
        ] {
            fixture.write("wrong.json", document)
            let result = try ChildProcess.run([
                "python3", Repository.path("Tests/validate-json"),
                JSONSchemaCheck.schemas + "verify.json",
                fixture.directory.file("wrong.json"),
            ])
            #expect(result.code == 1)
            #expect(result.output.contains(says), "\(result.output)\(result.errors)")
        }
    }
}
