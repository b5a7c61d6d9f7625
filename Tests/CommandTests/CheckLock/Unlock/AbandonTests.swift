import Glibc
import SystemCalls
import TestSupport
import Testing

/// Taking the lock away from processes that cannot be ended.
@Suite struct AbandonTests {
    @Test func `the next deployment runs beside an abandoned one, which is watched`() throws {
        let fixture = try Fixture()
        let holder = try fixture.start(["sh", "-c", "echo $$ > $HERE/pid; exec sleep 600"])
        #expect(eventually { fixture.lines("pid").count == 1 })
        let command = try #require(fixture.lines("pid").first.flatMap { pid_t($0) })
        kill(command, SIGSTOP)
        var waiters: [ChildProcess] = []
        for _ in 2...3 {
            waiters.append(try fixture.start(["sh", "-c", "echo $DEPLOY_NUMBER >> $HERE/order"]))
            #expect(eventually { waiters.last?.errors.contains("waiting for") == true })
        }
        let unlock = try fixture.unlocking(["--abandon"])
        for waiter in waiters { #expect(try waiter.finish().code == 0) }
        #expect(fixture.lines("order") == ["2", "3"])
        #expect(eventually { unlock.output.contains("watching until it ends") })
        #expect(unlock.output.contains("ABANDONED: #1 lost the lock and still runs:"))
        #expect(unlock.errors.contains("these processes GO ON RUNNING"))
        #expect(unlock.isRunning && holder.isRunning)
        // The survivor is known, and blocks nobody.
        #expect(
            try fixture.query("SELECT outcome FROM deployment WHERE number = 1")
                == ["force_unlocked"])
        #expect(fixture.abandoned == ["abandoned-1"])
        let status = try ChildProcess.run(
            [BuiltTool.path("check-deploy-lock")], environment: fixture.environment())
        #expect(status.output.contains("#1 lost the lock to a forced unlock and still runs"))
        #expect(try fixture.run(["--no-wait", "true"]).code == 0)
        kill(command, SIGKILL)
        let result = try unlock.finish()
        #expect(result.code == 0)
        #expect(result.output.contains("#1, which was abandoned, has ended"))
        #expect(try holder.finish().code == 128 + SIGKILL)
        #expect(eventually { fixture.abandoned == [] })
        #expect(try fixture.forced("result") == ["-", "abandoned", "ended"])
        #expect(try fixture.query("SELECT signal FROM deployment WHERE number = 1") == ["9"])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a running orphan can be abandoned, too`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a")
        wrapper.kill(SIGKILL)
        _ = try wrapper.finish()
        let waiter = try fixture.start(["sh", "-c", "echo ran"])
        #expect(eventually { waiter.errors.contains("its wrapper died, its command") })
        let result = try fixture.unlock(["--abandon", "--no-watch"])
        #expect(result.code == 0, "\(result.errors)")
        #expect(try waiter.finish().output == "ran\n")
        #expect(fixture.abandoned == ["abandoned-1"])
        fixture.letGo("a")
        // The next one clears the note once the process is gone.
        #expect(
            try eventually {
                _ = try fixture.run(["true"])
                return fixture.abandoned == []
            })
        #expect(
            try fixture.query("SELECT outcome FROM deployment WHERE number = 1")
                == ["force_unlocked"])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a running orphan that closed the lock can be abandoned, too`() throws {
        let fixture = try Fixture()
        try fixture.killWrapper(try fixture.holdWithoutDescriptor("a"))
        let next = try fixture.waitForSurvivor("b")
        let result = try fixture.unlock(["--abandon", "--no-watch"])
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.contains("python3") && !result.output.contains("pid \(next.pid)"))
        // It has the new file locked, so that flock(1) is kept out.
        #expect(eventually { fixture.exists("b.up") })
        #expect(try !fixture.isFree)
        fixture.letGo("b")
        #expect(try next.finish().code == 0)
        #expect(try fixture.outcomes() == ["1 force_unlocked", "2 succeeded"])
        #expect(fixture.abandoned == ["abandoned-1"])
        fixture.letGo("a")
        try fixture.expectOneOutcomeEach()
    }

    @Test func `an unrecorded process can be abandoned, too`() throws {
        let fixture = try Fixture()
        let stranger = try ChildProcess([
            "flock", fixture.lock, "sh", "-c",
            ": > \(fixture.directory.file("up")); exec sleep 600",
        ])
        #expect(eventually { fixture.exists("up") })
        let waiter = try fixture.start(["sh", "-c", "echo ran"])
        #expect(eventually { waiter.errors.contains("not a recorded deployment") })
        let result = try fixture.unlock(["--abandon", "--no-watch"])
        #expect(result.code == 0, "\(result.errors)")
        #expect(try waiter.finish().output == "ran\n")
        #expect(stranger.isRunning)
        #expect(fixture.abandoned.contains("abandoned-pid-\(stranger.pid)"))
        kill(-stranger.pid, SIGKILL)
        _ = try stranger.finish()
    }

    @Test func `a lock file that a person replaced is still waited for`() throws {
        let fixture = try Fixture()
        let stranger = try ChildProcess([
            "flock", fixture.lock, "sh", "-c",
            ": > \(fixture.directory.file("up")); exec sleep 600",
        ])
        #expect(eventually { fixture.exists("up") })
        let waiter = try fixture.start(["sh", "-c", "echo ran"])
        #expect(eventually { waiter.errors.contains("not a recorded deployment") })
        try FileSystem.unlink(fixture.lock)
        fixture.write("deploy.lock", "")
        usleep(100_000)
        #expect(waiter.isRunning && waiter.output == "")
        kill(-stranger.pid, SIGTERM)
        #expect(try waiter.finish().output == "ran\n")
    }
}
