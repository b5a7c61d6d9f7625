import Glibc
import JSON
import SystemCalls
import TestSupport
import Testing

/// A GitHub of our own on a Unix socket, for the real `gh`: its `http_unix_socket` setting in a
/// private configuration directory leads there, so that nothing else on the machine is touched.
final class GitHubStandIn {
    /// The Debian package `gh`; scripts/test installs it.
    static let isPossible = (try? ChildProcess.run(["gh", "--version"]))?.code == 0

    let directory: TemporaryDirectory
    private let server: ChildProcess
    private var state: [(key: String, value: JSONValue)] = [("repo", .string("o/n"))]

    init(_ members: [(key: String, value: JSONValue)] = []) throws {
        directory = try TemporaryDirectory()
        let socket = directory.file("github.sock")
        try Self.write(
            JSONValue.object(state + members).line, to: directory.file("state.json"))
        try FileSystem.makeDirectory(directory.file("gh"), mode: 0o700)
        try Self.write("http_unix_socket: \(socket)\n", to: directory.file("gh/config.yml"))
        server = try ChildProcess([
            "python3", Repository.path("Tests/github-stand-in"), socket,
            directory.file("state.json"),
        ])
        let server = server
        #expect(eventually { FileSystem.exists(socket) || !server.isRunning })
        try #require(server.isRunning, "\(server.errors)")
    }

    deinit {
        server.kill(SIGKILL)
        _ = try? server.finish()
    }

    /// What leads `gh` here, and nothing that a job of GitHub Actions around us has set.
    var environment: [String: String?] {
        var result: [String: String?] = [
            "GH_CONFIG_DIR": directory.file("gh"), "GH_TOKEN": "secret", "GH_HOST": nil,
            "http_proxy": nil, "https_proxy": nil, "HTTP_PROXY": nil, "HTTPS_PROXY": nil,
        ]
        for name in [
            "ACTIONS", "ACTOR", "EVENT_NAME", "HEAD_REF", "OUTPUT", "REF_NAME", "REPOSITORY",
            "RUN_ATTEMPT",
            "RUN_ID", "SERVER_URL", "SHA", "STEP_SUMMARY", "TOKEN", "TRIGGERING_ACTOR",
            "WORKFLOW_REF",
        ] { result["GITHUB_" + name] = .some(nil) }
        return result
    }

    /// The paths that were asked for.
    var requests: [String] {
        let bytes = (try? FileSystem.read(directory.file("github.sock.log"))) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The deployments and statuses that were made: path and body.
    var made: [String] {
        let bytes = (try? FileSystem.read(directory.file("github.sock.made"))) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Replaces what is there.
    func set(_ members: [(key: String, value: JSONValue)]) throws {
        let new = directory.file("state.new")
        try Self.write(JSONValue.object(state + members).line, to: new)
        try FileSystem.rename(new, to: directory.file("state.json"))
    }

    /// A trouble that requests with this in their path meet.
    static func trouble(
        _ match: String = "/repos/", status: Int64 = 200,
        headers: [(key: String, value: String)] = [],
        body: String = #"{"message": "no"}"#, hang: Int64 = 0, drop: Bool = false,
        times: Int64 = .max
    ) -> (key: String, value: JSONValue) {
        (
            "trouble",
            .array([
                .object([
                    ("match", .string(match)), ("status", .integer(status)),
                    ("headers", .object(headers.map { ($0.key, .string($0.value)) })),
                    ("body", .string(body)), ("hang", .integer(hang)), ("drop", .bool(drop)),
                    ("times", .integer(times)),
                ])
            ])
        )
    }

    static func write(_ text: String, to path: String) throws {
        try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600).write(text.utf8)
    }
}

/// A run as GitHub's API has it.
struct StandInRun {
    var id: Int64
    var status = "queued"
    var conclusion: String?
    var sha = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334"
    var branch = "main"
    var title = "Fix the login"
    var event = "push"
    var attempt: Int64 = 1
    var created = "2026-09-14T10:00:00Z"
    var started: String?
    var updated = "2026-09-20T00:00:00Z"

    var json: JSONValue { .object(members) }

    var members: [(key: String, value: JSONValue)] {
        [
            ("id", .integer(id)), ("run_number", .integer(id - 1000)),
            ("run_attempt", .integer(attempt)), ("status", .string(status)),
            ("conclusion", .optional(conclusion)), ("head_sha", .string(sha)),
            ("head_branch", .string(branch)), ("display_title", .string(title)),
            ("event", .string(event)), ("created_at", .string(created)),
            ("run_started_at", .string(started ?? created)), ("updated_at", .string(updated)),
            ("path", .string(".github/workflows/deploy.yml")),
            ("actor", .object([("login", .string("ann"))])),
            ("html_url", .string("https://github.com/o/n/actions/runs/\(id)")),
        ]
    }

    /// The state of a stand-in with these runs.
    static func list(_ runs: [StandInRun]) -> (key: String, value: JSONValue) {
        ("runs", .array(runs.map(\.json)))
    }
}

/// `check-deploy-queue` with a stand-in for GitHub and a ledger.
struct QueueFixture {
    let fixture: Fixture
    let github: GitHubStandIn

    init(_ members: [(key: String, value: JSONValue)] = []) throws {
        fixture = try Fixture()
        github = try GitHubStandIn(members)
    }

    func environment(_ more: [String: String?] = [:]) -> [String: String?] {
        fixture.environment(github.environment.merging(more) { $1 })
    }

    func check(
        _ arguments: [String], environment more: [String: String?] = [:],
        input: String = "/dev/null"
    ) throws -> ChildProcess.Result {
        try ChildProcess.run(
            [BuiltTool.path("check-deploy-queue")] + arguments, environment: environment(more),
            input: input)
    }

    func stats(_ arguments: [String]) throws -> ChildProcess.Result {
        try ChildProcess.run(
            [BuiltTool.path("deploystats")] + arguments, environment: environment(["TZ": "UTC"]))
    }

    /// The options of a run that is in nobody's way.
    static let place = ["--repo", "o/n", "--workflow", "deploy.yml"]

    /// A job as GitHub Actions runs it.
    func job(run: Int64 = 1999, attempt: Int64 = 1, event: String = "push") -> [String: String?] {
        [
            "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/n",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_WORKFLOW_REF": "o/n/.github/workflows/deploy.yml@refs/heads/main",
            "GITHUB_RUN_ID": String(run), "GITHUB_RUN_ATTEMPT": String(attempt),
            "GITHUB_EVENT_NAME": event, "GITHUB_REF_NAME": "main", "GITHUB_ACTOR": "ann",
            "GITHUB_SHA": Self.sha, "GITHUB_OUTPUT": fixture.directory.file("output"),
            "GITHUB_STEP_SUMMARY": fixture.directory.file("summary.md"),
        ]
    }

    static let sha = "e1e2e3e4e5f60718293a4b5c6d7e8f9001122334"
    static let lastSHA = "d1d2d3d4e5f60718293a4b5c6d7e8f9001122334"

    /// The state in which a commit stands so to the last one queued.
    static func compare(_ status: String) -> (key: String, value: JSONValue) {
        ("compare", .object([("\(sha)...\(lastSHA)", .string(status))]))
    }

    /// Three runs are pending; the last one of them is of `lastSHA`.
    static let three = StandInRun.list([
        StandInRun(id: 1001, status: "in_progress"), StandInRun(id: 1002, status: "pending"),
        StandInRun(id: 1003, sha: lastSHA), StandInRun(id: 999, status: "completed"),
    ])
}
