import Glibc
import Ledger
import SystemCalls
import TestSupport
import Testing

/// `--max-queue`.
@Suite struct QueueLimitTests {
    private let tool = BuiltTool.path("deploy-with-lock")

    @Test func `of four pushes the last is skipped and says that its commit is not delivered`()
        throws
    {
        let fixture = try Fixture()
        let push = ["--max-queue", "3", "--ref", "main", "--sha"]
        let first = try fixture.hold("a", options: push + ["aaa111"])
        let second = try fixture.wait("b", options: push + ["bbb222"])
        let third = try fixture.wait("c", options: push + ["ccc333"])
        let fourth = try fixture.run(push + ["ddd444", "sh", "-c", "echo d"])
        #expect(fourth.code == 0)
        #expect(fourth.output.isEmpty)
        // What it says is in DeployTranscriptTests.
        fixture.letGo("a")
        for child in [first, second, third] { #expect(try child.finish().code == 0) }
        try fixture.settle()
        #expect(
            try fixture.outcomes() == ["1 succeeded", "2 succeeded", "3 succeeded", "4 skipped"])
        #expect(try fixture.events(4) == ["requested", "skipped skipped"])
        #expect(
            try fixture.query(
                """
                SELECT (record -> '$.queue') || (record ->> '$.ahead') || reason FROM event
                WHERE kind = 'skipped'
                """) == ["[1,2,3]3max-queue"])
        #expect(fixture.tickets == [])
        #expect(
            try fixture.stats("show", "4").output.contains(
                "Was skipped (max-queue): 3 deployments were running or waiting (#1, #2, #3); "
                    + "nothing was run."))
        #expect(try fixture.stats("events").output.contains("max-queue, 3 ahead, waited "))
        let metrics = try fixture.stats("metrics").output
        #expect(metrics.contains(/Skip rate +FAIL +25 % .* 1\/4/), "\(metrics)")
        #expect(try fixture.stats("verify").code == 0)
    }

    @Test func `of twenty arrivals at once as many get in as there are places`() throws {
        for _ in 0..<3 {
            let fixture = try Fixture()
            let script = "while [ ! -e $HERE/go ]; do sleep 0.01; done"
            let children = try (0..<20).map { _ in
                try fixture.start(["--max-queue", "3", "--skip-exit-code", "9", "sh", "-c", script])
            }
            #expect(eventually { children.count { !$0.isRunning } == 17 })
            fixture.write("go", "")
            let codes = try children.map { try $0.finish().code }.sorted()
            #expect(codes == [0, 0, 0] + [CInt](repeating: 9, count: 17))
            try fixture.settle()
            #expect(
                try fixture.query(
                    "SELECT outcome || count(*) FROM deployment GROUP BY outcome ORDER BY outcome")
                    == ["skipped17", "succeeded3"])
            #expect(
                try fixture.query(
                    "SELECT DISTINCT record ->> '$.ahead' FROM event WHERE kind = 'skipped'")
                    == ["3"])
        }
    }

    @Test func `dead deployments do not count`() throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a")
        let dead = try fixture.wait("b")
        dead.kill(SIGKILL)
        _ = try dead.finish()
        #expect(fixture.tickets.count == 2)
        // Refused and not skipped: there was a place.
        #expect(try fixture.run(["--max-queue", "2", "--no-wait", "true"]).code == 1)
        #expect(try fixture.run(["--max-queue", "1", "--no-wait", "true"]).code == 0)
        fixture.letGo("a")
        #expect(try first.finish().code == 0)
        try fixture.settle()
        #expect(
            try fixture.query(
                "SELECT number || outcome FROM deployment WHERE number IN (1, 3, 4) ORDER BY 1")
                == ["1succeeded", "3refused", "4skipped"])
    }

    @Test func `an unrecorded process that holds the lock counts`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let stranger = try ChildProcess(["flock", fixture.lock, "sleep", "600"])
        #expect(try eventually { try !fixture.isFree })
        let skipped = try fixture.run(["--max-queue", "1", "true"])
        #expect(skipped.errors.contains("#2 SKIPPED, nothing was run: 1 deployment runs or waits"))
        #expect(
            skipped.errors.contains(
                "running  held by a process that is not a recorded deployment, pid "))
        let waiter = try fixture.wait("b")
        #expect(try fixture.run(["--max-queue", "2", "true"]).errors.contains("SKIPPED"))
        let joined = try fixture.run(["--max-queue", "3", "--no-wait", "true"])
        #expect(joined.code == 1, "\(joined.errors)")
        kill(-stranger.pid, SIGKILL)
        #expect(try waiter.finish().code == 0)
        try fixture.settle()
        #expect(
            try fixture.query(
                "SELECT record ->> '$.ahead' || ' ' || (record -> '$.queue') FROM event "
                    + "WHERE kind = 'skipped' ORDER BY seq") == ["1 []", "2 [3]"])
    }

    @Test func `a running orphan counts`() throws {
        let fixture = try Fixture()
        // A command that has closed what it inherited is known by its process alone.
        for closes in [false, true] {
            let name = "orphan\(closes)"
            let body = """
                import os, time
                here = os.environ["HERE"]
                if \(closes ? "True" : "False"): os.closerange(3, 256)
                open(here + "/\(name).up", "w")
                while not os.path.exists(here + "/\(name).go"): time.sleep(0.01)
                """
            let holder = try fixture.start(["python3", "-c", body])
            #expect(eventually { fixture.exists("\(name).up") }, "\(holder.errors)")
            try fixture.killBoth(holder)
            let skipped = try fixture.run(["--max-queue", "1", "true"])
            #expect(skipped.code == 0)
            #expect(
                skipped.errors.contains("; its wrapper died, its command (pid "),
                "\(skipped.errors)")
            fixture.letGo(name)
            #expect(try fixture.run(["true"]).code == 0)
        }
        try fixture.settle()
        #expect(
            try fixture.query(
                "SELECT number || outcome FROM deployment WHERE outcome <> 'orphaned' ORDER BY n")
                == ["2skipped", "3succeeded", "5skipped", "6succeeded"])
    }

    @Test func `a running orphan is ahead of who asks`() throws {
        let fixture = try Fixture()
        let body = """
            import os, time
            here = os.environ["HERE"]
            open(here + "/orphan.up", "w")
            while not os.path.exists(here + "/orphan.go"): time.sleep(0.01)
            """
        let holder = try fixture.start(["python3", "-c", body])
        #expect(eventually { fixture.exists("orphan.up") }, "\(holder.errors)")
        try fixture.killBoth(holder)
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        fixture.letGo("orphan")
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        #expect(try fixture.query("SELECT ahead FROM deployment WHERE number = 2") == ["1"])
        #expect(
            try fixture.stats("show", "2").output.contains("; 1 deployment was ahead."))
    }

    @Test func `options override the environment, which overrides the file`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        fixture.write("conf", "DEPLOY_MAX_QUEUE=1\n")
        let file: [String: String?] = ["DEPLOY_LEDGER_CONFIG": fixture.directory.file("conf")]
        /// Whether it joined the queue, which then refuses it.
        func joins(_ options: [String], _ more: [String: String?] = [:]) throws -> Bool {
            let result = try fixture.run(
                options + ["--no-wait", "--skip-exit-code", "7", "true"],
                environment: file.merging(more) { $1 })
            #expect([1, 7].contains(result.code), "\(result.errors)")
            return result.code == 1
        }
        #expect(try !joins([]))
        #expect(try joins([], ["DEPLOY_MAX_QUEUE": "2"]))
        #expect(try !joins(["--max-queue", "1"], ["DEPLOY_MAX_QUEUE": "2"]))
        #expect(try joins(["--max-queue", "2"], ["DEPLOY_MAX_QUEUE": "1"]))
        #expect(try joins(["--ignore-max-queue"]))
        #expect(try joins(["--ignore-max-queue"], ["DEPLOY_MAX_QUEUE": "1"]))
        #expect(try joins(["--max-queue", "1", "--ignore-max-queue"], ["DEPLOY_MAX_QUEUE": "1"]))
        #expect(try joins(["--ignore-max-queue"], ["DEPLOY_MAX_QUEUE": "no number"]))
        let named = try fixture.run(["true"], environment: file)
        #expect(named.errors.contains("and DEPLOY_MAX_QUEUE is 1\n"))
        #expect(named.errors.contains("(or unset DEPLOY_MAX_QUEUE)"))
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test(arguments: ["0", "-1", "x", "1.5", " ", "99999999999999999999"])
    func `a limit below one or not a number is a usage error`(_ text: String) throws {
        let fixture = try Fixture()
        let option = try fixture.run(["--max-queue=\(text)", "true"])
        #expect(option.code == 64)
        #expect(option.errors.contains("--max-queue must be at least 1, not '\(text)'"))
        let variable = try fixture.run(["true"], environment: ["DEPLOY_MAX_QUEUE": text])
        #expect(variable.code == 64)
        #expect(variable.errors.contains("DEPLOY_MAX_QUEUE must be at least 1"))
        #expect(variable.errors.split(separator: "\n").count == 1)
    }

    @Test func `the exit code of a skip can be chosen`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let options = ["--max-queue", "1", "--quiet", "--skip-exit-code"]
        let skipped = try fixture.run(options + ["42", "true"])
        #expect(skipped.code == 42)
        // Not even --quiet hides that something was not deployed.
        #expect(skipped.errors.contains("SKIPPED"))
        #expect(skipped.errors.contains("what it brings is NOT DELIVERED by this deployment"))
        #expect(try fixture.run(options + ["256", "true"]).code == 64)
        #expect(try fixture.run(options + ["-1", "true"]).code == 64)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `secrets of the command are masked in the advice`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let skipped = try fixture.run(["--max-queue", "1", "echo", "--password", "hunter2"])
        #expect(skipped.errors.contains("--max-queue 1 echo --password '***'\n"))
        #expect(!skipped.errors.contains("hunter2"))
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `another lock has its own queue`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let other = ["--lock-file", fixture.directory.file("other.lock"), "--max-queue", "1"]
        #expect(try fixture.run(other + ["sh", "-c", "echo ran"]).output == "ran\n")
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `a nested call is not counted`() throws {
        let fixture = try Fixture()
        let inner = "'\(tool)' --max-queue 1 --yield-to-newer --ref main echo inner"
        let result = try fixture.run(
            ["--max-queue", "1", "--yield-to-newer", "--ref", "main", "sh", "-c", inner])
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output == "inner\n")
        try fixture.settle()
        #expect(try fixture.outcomes() == ["1 succeeded"])
    }

    @Test func `without a ledger a skip is a skip and its events wait in the spool`() throws {
        let fixture = try Fixture()
        try fixture.breakLedger()
        let holder = try fixture.hold("a")
        let skipped = try fixture.run(["--max-queue", "1", "--skip-exit-code", "5", "true"])
        #expect(skipped.code == 5, "\(skipped.errors)")
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        fixture.repairLedger()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        #expect(try fixture.outcomes() == ["2 succeeded", "3 skipped", "4 succeeded"])
        #expect(try fixture.events(3) == ["requested", "skipped skipped"])
    }
}
