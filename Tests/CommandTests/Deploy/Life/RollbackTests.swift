import Glibc
import TestSupport
import Testing

@Suite struct RollbackTests {
    private let unhealthy = [
        "--health-check", "exit 1", "--health-delay", "0", "--health-retries", "1",
    ]
    private let told = """
        echo "$DEPLOY_LAST_GOOD_SHA $DEPLOY_LAST_GOOD_NUMBER $DEPLOY_LAST_GOOD_TIER" > $HERE/told
        """

    @Test func `it is told the newest deployment that succeeded and was well`() throws {
        let fixture = try Fixture()
        func deploy(_ sha: String, _ options: [String], _ command: String) throws {
            _ = try fixture.run(["--sha", sha] + options + [command])
        }
        try deploy("good", ["--tier", "docker"], "true")
        try deploy("sick", unhealthy, "true")
        try deploy("failed", ["--rollback", "true"], "false")
        try deploy("bad", ["--rollback", told], "false")
        #expect(fixture.lines("told") == ["good 1 docker"])
        try deploy("light", ["--tier", "lightning"], "true")
        try deploy("bad", ["--rollback", told, "--last-good-tier", "docker"], "false")
        #expect(fixture.lines("told") == ["good 1 docker"])
        try deploy("bad", ["--rollback", told], "false")
        #expect(fixture.lines("told") == ["light 5 lightning"])
        // It delivers nothing that one could go back to.
        #expect(try fixture.run(["--message", "restart", "true"]).code == 0)
        try deploy("bad", ["--rollback", told], "false")
        #expect(fixture.lines("told") == ["light 5 lightning"])
    }

    @Test func `one without a ledger runs all the same, and is told nothing`() throws {
        let fixture = try Fixture()
        // Where a directory should be.
        fixture.write("none", "")
        let result = try fixture.run(
            [
                "--ledger", fixture.directory.file("none/ledger.db"), "--rollback", told, "sh",
                "-c", "exit 5",
            ])
        #expect(result.code == 5, "\(result.errors)")
        #expect(fixture.read("told") == "  \n")
    }

    @Test func `nobody else has the lock while it runs`() throws {
        let fixture = try Fixture()
        let first = try fixture.start([
            "--rollback",
            "echo back >> $HERE/order; : > $HERE/up; sleep 0.5; echo done >> $HERE/order",
            "false",
        ])
        try #require(eventually { fixture.exists("up") })
        let second = try fixture.run(["sh", "-c", "echo second >> $HERE/order"])
        #expect(second.code == 0)
        #expect(try first.finish().code == 1)
        #expect(fixture.lines("order") == ["back", "done", "second"])
        #expect(second.errors.contains("rolling back"), "\(second.errors)")
    }

    @Test func `a deployment inside it runs under the same lock and number`() throws {
        let fixture = try Fixture()
        let tool = BuiltTool.path("deploy-with-lock")
        let result = try fixture.run(
            [
                "--sha", "bad", "--rollback",
                "\(tool) sh -c 'echo $DEPLOY_NUMBER ${DEPLOY_SHA-none} > $HERE/told'", "false",
            ], environment: ["DEPLOY_ROLLBACK": nil])
        #expect(result.code == 1, "\(result.errors)")
        #expect(fixture.lines("told") == ["1 none"])
        #expect(try fixture.query("SELECT count(*) FROM event WHERE kind = 'nested'") == ["2"])
        #expect(try fixture.query("SELECT count(*) FROM deployment") == ["1"])
    }

    @Test func `it can freeze what comes next`() throws {
        let fixture = try Fixture()
        let result = try fixture.run([
            "--rollback", "true", "--freeze-after-rollback", "1h", "false",
        ])
        #expect(result.code == 1)
        #expect(result.errors.contains("deployments are frozen for 1h"), "\(result.errors)")
        let next = try fixture.run(["--no-wait", "true"])
        #expect(next.code == 1)
        #expect(next.errors.contains("#1 was rolled back"), "\(next.errors)")
        #expect(
            try fixture.query("SELECT number, reason FROM event WHERE kind = 'frozen'")
                == ["1|#1 was rolled back"])
        #expect(try fixture.outcomes() == ["1 failed", "2 refused"])
    }

    @Test func `the first signal is noted, the second one goes to it`() throws {
        let fixture = try Fixture()
        let child = try fixture.start([
            "--rollback",
            "trap 'echo term > $HERE/got; exit 8' TERM; : > $HERE/up; while :; do sleep 0.05; done",
            "sh", "-c", "exit 3",
        ])
        try #require(eventually { fixture.exists("up") })
        child.kill(SIGTERM)
        try #require(eventually { child.errors.contains("signal TERM noted") })
        #expect(!fixture.exists("got"))
        child.kill(SIGTERM)
        #expect(try child.finish().code == 3)
        #expect(fixture.lines("got") == ["term"])
        #expect(
            try fixture.query("SELECT record ->> '$.result' FROM event WHERE kind = 'rolled_back'")
                == ["interrupted"])
    }

    @Test func `one that hangs is ended with all it started`() throws {
        let fixture = try Fixture()
        let result = try fixture.run([
            "--rollback-timeout", "0.3s", "--grace", "0.3s", "--rollback",
            "trap '' TERM; setsid sleep 600 & echo $! > $HERE/child; sleep 600; sleep 600", "false",
        ])
        #expect(result.code == 1, "\(result.errors)")
        let child = try #require(pid_t(fixture.lines("child").first ?? ""))
        #expect(eventually { kill(child, 0) == -1 })
        #expect(
            try fixture.query("SELECT record ->> '$.result' FROM event WHERE kind = 'rolled_back'")
                == ["timed_out"])
        #expect(result.errors.contains("ROLLBACK FAILED"))
    }

    @Test func `a read-only ledger changes nothing about it`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["--sha", "good", "true"]).code == 0)
        let result = try fixture.run(
            ["--rollback", told, "sh", "-c", "rm -r $HERE/state; exit 6"])
        #expect(result.code == 6, "\(result.errors)")
        // It was read before the command started.
        #expect(fixture.lines("told") == ["good 1 "])
    }
}
