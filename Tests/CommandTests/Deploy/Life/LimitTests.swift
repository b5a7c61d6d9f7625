import Glibc
import TestSupport
import Testing

@Suite struct LimitTests {
    /// Commands that do not want to end; each writes the pid of what must be gone into `child`.
    @Test(arguments: [
        "trap '' TERM; sleep 600 & echo $! > $HERE/child; sleep 600; sleep 600",
        "setsid sh -c 'trap \"\" TERM; echo $$ > $HERE/child; sleep 600; sleep 600' & sleep 600",
        "(setsid sleep 600 & echo $! > $HERE/child) & sleep 600",
        "echo $$ > $HERE/child; kill -STOP $$",
        "sh -c 'echo $$ > $HERE/child; exec sleep 600' & exit 0",
        "trap 'exit 0' TERM; echo $$ > $HERE/child; while :; do sleep 0.05; done",
    ])
    func `the lock is free only when all of it is gone`(_ script: String) throws {
        let fixture = try Fixture()
        // One that returns and leaves something behind is not ended: that is a daemon.
        let isDaemon = script.hasSuffix("exit 0")
        let result = try fixture.run([
            "--max-duration", "0.7s", "--grace", "0.3s", "sh", "-c", script,
        ])
        let child = try #require(pid_t(fixture.lines("child").first ?? ""))
        if isDaemon {
            #expect(result.code == 0, "\(result.errors)")
            #expect(kill(child, SIGKILL) == 0)
            return
        }
        #expect(result.code == 124, "\(result.errors)")
        #expect(kill(child, 0) == -1 || fixture.isZombie(child), "\(result.errors)")
        #expect(
            try fixture.query("SELECT outcome, reason FROM deployment") == ["failed|overran"])
        #expect(
            try fixture.query(
                "SELECT record ->> '$.reason', record ->> '$.limit_us' FROM event WHERE kind = 'overran'"
            )
                == ["max-duration|700000"])
    }

    /// One that starts others all the time, and one that is another process every few milliseconds.
    @Test(arguments: [
        "trap '' TERM; while :; do sleep 600 & sleep 0.005; done",
        "trap '' TERM; f() { sleep 0.003; f & }; f; wait; sleep 600",
    ])
    func `a tree that changes faster than it is found ends, too`(_ script: String) throws {
        let fixture = try Fixture()
        let result = try fixture.run([
            "--max-duration", "0.3s", "--grace", "0.1s", "sh", "-c", script,
        ])
        #expect(result.code == 124, "\(result.errors)")
        // Nothing has the lock any more.
        #expect(try fixture.run(["--no-wait", "true"]).code == 0)
    }

    @Test func `a command that leaves in time with its own code has it in the event`() throws {
        let fixture = try Fixture()
        let result = try fixture.run([
            "--max-duration", "0.3s", "sh", "-c",
            "trap 'exit 42' TERM; : > $HERE/up; while :; do sleep 0.05; done",
        ])
        #expect(result.code == 124)
        #expect(
            try fixture.query(
                "SELECT record ->> '$.exit_code', record ->> '$.ended_with' FROM event WHERE kind = 'released'"
            )
                == ["42|124"])
    }

    @Test func `it is said that a command runs long, once`() throws {
        let fixture = try Fixture()
        let result = try fixture.run(["--warn-after", "0.1s", "sleep", "0.5"])
        #expect(result.code == 0)
        #expect(result.errors.split(separator: "has been running for").count == 2)
        #expect(
            try fixture.run(["--warn-after", "0", "sleep", "0.1"]).errors.contains("running for")
                == false)
    }

    @Test func `the limit is the command's, not that of check and rollback`() throws {
        let fixture = try Fixture()
        let result = try fixture.run([
            "--max-duration", "1s", "--health-check", "sleep 1.2; exit 1", "--health-delay", "0",
            "--health-retries", "1", "--rollback", "sleep 1.2; : > $HERE/rolled",
            "--rollback-timeout", "1m", "true",
        ])
        #expect(result.code == 69, "\(result.errors)")
        #expect(fixture.exists("rolled"))
    }
}
