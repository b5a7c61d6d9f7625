import Glibc
import TestSupport
import Testing

/// Command × check × rollback × signal: what the wrapper ends with and what the ledger says of it.
@Suite struct StepCodeTests {
    enum Command: String, CaseIterable {
        case succeeds, fails, dies, overruns, missing

        var words: [String] {
            switch self {
            case .succeeds: ["true"]
            case .fails: ["sh", "-c", "exit 3"]
            case .dies: ["sh", "-c", "kill -USR1 $$"]
            case .overruns: ["sleep", "60"]
            case .missing: ["no-such-command-anywhere"]
            }
        }

        var code: CInt {
            switch self {
            case .succeeds: 0
            case .fails: 3
            case .dies: 128 + SIGUSR1
            case .overruns: 124
            case .missing: 127
            }
        }

        /// What a rollback is told; nil when none follows.
        var failedStep: String? {
            switch self {
            case .succeeds, .missing: nil
            case .fails, .dies: "command"
            case .overruns: "overran"
            }
        }
    }

    enum Check: String, CaseIterable { case none, passes, fails }

    enum Rollback: String, CaseIterable { case none, works, fails }

    static let all = Command.allCases.flatMap { command in
        Check.allCases.flatMap { check in Rollback.allCases.map { (command, check, $0) } }
    }

    @Test(arguments: all)
    func `a code is fixed before a rollback, and it is never 0 after one`(
        _ command: Command, _ check: Check, _ rollback: Rollback
    ) throws {
        let fixture = try Fixture()
        var options = ["--max-duration", command == .overruns ? "0.2s" : "10m", "--grace", "5s"]
        if check != .none {
            options += ["--health-check", check == .passes ? "true" : "exit 7"]
            options += ["--health-delay", "0", "--health-interval", "0", "--health-retries", "2"]
        }
        if rollback != .none {
            let end = rollback == .works ? 0 : 9
            options += [
                "--rollback",
                "echo $DEPLOY_FAILED_STEP $DEPLOY_FAILED_EXIT_CODE > $HERE/told; exit \(end)",
            ]
        }
        let result = try fixture.run(options + command.words)
        let isUnhealthy = command == .succeeds && check == .fails
        let code = isUnhealthy ? 69 : command.code
        #expect(result.code == code, "\(result.errors)")
        let cause = isUnhealthy ? "health" : command.failedStep
        let isRolledBack = cause != nil && rollback != .none
        #expect(
            fixture.lines("told") == (isRolledBack ? ["\(cause ?? "") \(code)"] : []),
            "\(result.errors)")
        let outcome = code == 0 ? "succeeded" : "failed"
        #expect(try fixture.outcomes() == ["1 \(outcome)"])
        let released = try fixture.query(
            """
            SELECT record ->> '$.ended_with', ifnull(record ->> '$.health', ''),
                ifnull(record ->> '$.rollback', '')
            FROM event WHERE kind = 'released'
            """)
        let health =
            command == .succeeds
            ? check == .none ? "" : check == .passes ? "healthy" : "unhealthy" : ""
        let rolledBack = !isRolledBack ? "" : rollback == .works ? "done" : "failed"
        #expect(released == ["\(code)|\(health)|\(rolledBack)"])
        let kinds = try fixture.query(
            "SELECT kind FROM event WHERE kind NOT IN ('requested', 'acquired') ORDER BY seq")
        let attempts = health.isEmpty ? 0 : health == "healthy" ? 1 : 2
        let expected =
            (command == .overruns ? ["overran"] : [])
            + Array(repeating: "health_checked", count: attempts)
            + (isRolledBack ? ["rolled_back"] : []) + ["released"]
        #expect(kinds == expected)
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP], [false, true])
    func `a command that was told to stop is rolled back only if that is asked for`(
        _ signal: CInt, _ isAsked: Bool
    ) throws {
        let fixture = try Fixture()
        let child = try fixture.start(
            ["--rollback", "echo $DEPLOY_FAILED_STEP $DEPLOY_FAILED_EXIT_CODE > $HERE/told"]
                + (isAsked ? ["--rollback-on", "signal"] : [])
                + ["sh", "-c", ": > $HERE/up; exec sleep 60"])
        try #require(eventually { fixture.exists("up") })
        // The shell has become another program.
        usleep(100_000)
        child.kill(signal)
        #expect(try child.finish().code == 128 + signal)
        #expect(fixture.lines("told") == (isAsked ? ["signal \(128 + signal)"] : []))
    }

    @Test(arguments: [false, true])
    func `a check that was told to stop ends, whatever it does about it`(_ isAsked: Bool) throws {
        let fixture = try Fixture()
        let child = try fixture.start(
            [
                "--health-check", "trap '' TERM; : > $HERE/up; sleep 60 & sleep 60; sleep 60",
                "--health-delay", "0", "--health-timeout", "10m",
                "--rollback", "echo $DEPLOY_FAILED_STEP > $HERE/told",
            ] + (isAsked ? ["--rollback-on", "command,signal"] : []) + ["true"])
        try #require(eventually { fixture.exists("up") })
        child.kill(SIGTERM)
        let result = try child.finish()
        #expect(result.code == 128 + SIGTERM, "\(result.errors)")
        #expect(fixture.lines("told") == (isAsked ? ["signal"] : []))
        #expect(
            try fixture.query(
                "SELECT record ->> '$.result' FROM event WHERE kind = 'health_checked'")
                == ["interrupted"])
        #expect(
            try fixture.query("SELECT outcome, reason, exit_code FROM deployment")
                == ["failed|signal TERM|0"])
    }

    @Test func `a signal between attempts ends the check at once`() throws {
        let fixture = try Fixture()
        let child = try fixture.start(["--health-check", "true", "--health-delay", "10m", "true"])
        try #require(eventually { child.errors.contains("health check: 10m, then") })
        child.kill(SIGINT)
        #expect(try child.finish().code == 128 + SIGINT)
    }

    @Test(arguments: [
        ["--health-check", "no-such-program-anywhere --x"], ["--rollback", "./missing.sh"],
        ["--health-check", "true", "--health-stable", "4"], ["--health-check", " "],
        ["--health-url", "http://127.0.0.1:1/", "--health-expect", "{sha}"],
        ["--health-url", "ftp://127.0.0.1/"],
        ["--health-check", "true", "--health-exit-code", "0"],
        ["--health-check", "true", "--health-retries", "0"], ["--health-delay", "1s"],
        ["--health-check", "true", "--health-url", "http://127.0.0.1:1/"],
        ["--rollback-on", "command"], ["--rollback", "true", "--rollback-on", "everything"],
        ["--rollback", "true", "--rollback-on", ","], ["--max-duration", "soon"],
        ["--max-silence", "5m"], ["--health-check", "true", "--health-timeout", "0"],
        ["--health-check", "true", "--health-expect", "x"],
    ])
    func `what cannot be meant is refused before anything runs`(_ options: [String]) throws {
        let fixture = try Fixture()
        let result = try fixture.run(options + ["sh", "-c", ": > $HERE/ran"])
        #expect(result.code == 64, "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        #expect(!fixture.exists("ran"))
        #expect(!fixture.exists("deploy.lock"))
    }

    @Test(arguments: [
        "X=1 true", "[ -e / ]", "cd / && true", "if true; then true; fi", "/bin/true", "\"true\"",
    ])
    func `a shell's own words are programs, too`(_ line: String) throws {
        let fixture = try Fixture()
        let result = try fixture.run(
            ["--health-check", line, "--health-delay", "0", "--rollback", line, "true"])
        #expect(result.code == 0, "\(result.errors)")
    }

    @Test func `options for one run beat the settings`() throws {
        let fixture = try Fixture()
        let settings = [
            "DEPLOY_HEALTH_CHECK": "exit 1", "DEPLOY_HEALTH_DELAY": "0",
            "DEPLOY_HEALTH_RETRIES": "1", "DEPLOY_ROLLBACK": ": > $HERE/rolled",
        ]
        #expect(try fixture.run(["true"], environment: settings).code == 69)
        #expect(fixture.exists("rolled"))
        let other = try Fixture()
        #expect(try other.run(["--no-health-check", "true"], environment: settings).code == 0)
        #expect(try other.run(["--no-rollback", "true"], environment: settings).code == 69)
        #expect(!other.exists("rolled"))
        #expect(
            try other.run(["--health-check", "true", "true"], environment: settings).code == 0)
    }
}
