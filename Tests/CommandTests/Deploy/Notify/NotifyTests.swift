import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct NotifyTests {
    private let notify = ["--notify", "cat >> $HERE/told"]

    /// The conditions of each line that was told, without the other members.
    private func conditions(_ fixture: Fixture) -> [String] {
        fixture.lines("told").map { line in
            guard let start = line.firstRange(of: #""conditions":["#)?.upperBound,
                let end = line[start...].firstIndex(of: "]")
            else { return line }
            return line[start..<end].filter { $0 != "\"" }
        }
    }

    private static let ends: [(options: [String], code: CInt, told: [String])] = [
        (["true"], 0, []),
        (["false"], 1, ["failed"]),
        (["/no/such/command"], 127, ["failed"]),
        (["--rollback", "true", "false"], 1, ["failed,rolled_back"]),
        (["--rollback", "false", "false"], 1, ["failed,rolled_back"]),
        (
            [
                "--health-check", "false", "--health-delay", "0", "--health-retries", "1",
                "--rollback", "true", "true",
            ], 69, ["failed,rolled_back"]
        ),
        (
            ["--rollback", "true", "--freeze-after-rollback", "1h", "false"], 1,
            ["failed,rolled_back,frozen"]
        ),
        (["--max-duration", "0.2s", "sleep", "600"], 124, ["failed,overran"]),
        (["--notify-on", "all", "true"], 0, ["acquired", "succeeded"]),
        (["--notify-on", "succeeded", "true"], 0, ["succeeded"]),
        (["--notify-on", "succeeded, warned", "false"], 1, []),
        (
            [
                "--notify-on", "warned", "--warn-after", "0.1s", "sh", "-c",
                "while [ ! -e $HERE/told ]; do sleep 0.01; done",
            ], 0, ["warned"]
        ),
    ]

    @Test(arguments: ends)
    func `it is told how a deployment ended, once, and nothing in the exit code`(
        _ options: [String], _ code: CInt, _ told: [String]
    ) throws {
        let fixture = try Fixture()
        let result = try fixture.run(notify + options)
        #expect(result.code == code, "\(result.errors)")
        #expect(conditions(fixture) == told, "\(fixture.read("told"))")
        #expect(!result.errors.contains("the command of --notify"), "\(result.errors)")
    }

    @Test func `the first success after a failure is a recovery`() throws {
        let fixture = try Fixture()
        for command in ["true", "true", "false", "true", "true"] {
            _ = try fixture.run(notify + [command])
        }
        #expect(conditions(fixture) == ["failed", "succeeded,recovered"])
        let last = try #require(fixture.lines("told").last)
        #expect(last.contains("#4 succeeded after #3 had not"), "\(last)")
        #expect(last.contains(#""status":"ok""#))
    }

    @Test func `those that never got the lock are told of`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        #expect(try fixture.run(notify + ["--timeout", "0.2s", "true"]).code == 1)
        #expect(try fixture.run(notify + ["--notify-on", "all", "--no-wait", "true"]).code == 1)
        #expect(
            try fixture.run(notify + ["--notify-on", "skipped", "--max-queue", "1", "true"]).code
                == 0)
        #expect(conditions(fixture) == ["timed_out", "refused", "skipped"])
        let waiter = try fixture.start(notify + ["--notify-on", "cancelled", "true"])
        try #require(eventually { waiter.errors.contains("waiting") }, "\(waiter.errors)")
        waiter.kill(SIGINT)
        #expect(try waiter.finish().code == 128 + SIGINT)
        #expect(conditions(fixture) == ["timed_out", "refused", "skipped", "cancelled"])
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `what is told says all that is known, without secrets`() throws {
        let fixture = try Fixture()
        let result = try fixture.run(
            notify + [
                "--sha", "abc123def456", "--ref", "main", "--tier", "docker", "--actor", "ann",
                "--run-url", "https://ci.example/7", "--health-check", "false", "--health-delay",
                "0", "--health-retries", "1", "--rollback", "exit 5", "true",
                "--password=hunter2hunter2",
            ])
        #expect(result.code == 69)
        let told = try #require(fixture.lines("told").first)
        for member in [
            #"{"format":1,"kind":"deployment","status":"attention","at":"2"#,
            #"failed its health check (exit code 69); the ROLLBACK FAILED (main abc123de, by "#,
            ##""links":[{"title":"#1","url":"https://ci.example/7"}]"##,
            #""number":1,"lock":""#, #""tier":"docker","sha":"abc123def456","ref":"main""#,
            #""run_url":"https://ci.example/7","command":"true "#, #""outcome":"failed""#,
            #""reason":"health""#, #""exit_code":0"#, #""ended_with":69"#,
            #""failed_step":"health""#, #""wait_us":"#, #""held_us":"#, #""command_us":"#,
            #""health_us":"#, #""rollback_us":"#, #""health":"unhealthy","rollback":"failed""#,
        ] { #expect(told.contains(member), "\(member) is not in \(told)") }
        #expect(!told.contains("hunter2"))
    }

    @Test func `as a CloudEvent it is the data`() throws {
        let fixture = try Fixture()
        _ = try fixture.run(notify + ["--notify-format", "cloudevents", "false"])
        let told = try #require(fixture.lines("told").first)
        #expect(told.hasPrefix(#"{"specversion":"1.0","id":""#), "\(told)")
        #expect(told.contains(#""type":"deploy-ledger.deployment.attention""#))
        #expect(told.contains(#""subject":"1","data":{"format":1,"kind":"deployment""#))
        #expect(told.contains("\"source\":\"//"))
    }

    @Test(arguments: [
        (["--notify-on", "failed", "true"], "--notify-on requires --notify"),
        (["--notify", "true", "--notify-on", "faild", "true"], "unknown condition 'faild'"),
        (["--notify", "true", "--notify-timeout", "16s", "true"], "must be at most 15s"),
        (["--notify", "true", "--notify-format", "xml", "true"], "unknown format 'xml'"),
    ])
    func `what cannot be is a usage error`(_ options: [String], _ words: String) throws {
        let fixture = try Fixture()
        let result = try fixture.run(options)
        #expect(result.code == 64)
        #expect(result.errors.contains(words), "\(result.errors)")
    }
}
