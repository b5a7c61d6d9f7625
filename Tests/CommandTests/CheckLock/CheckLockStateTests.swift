import Glibc
import SystemCalls
import TestSupport
import Testing

/// Every state a lock can be in, made for real and looked at.
@Suite struct CheckLockStateTests {
    @Test func `a lock that was never used is free`() throws {
        let fixture = try Fixture()
        let result = try fixture.look()
        #expect(result.output == "\(fixture.lock) is free\n")
        #expect(result.code == 0)
        #expect(try fixture.code() == 0)
        // Looking leaves nothing behind.
        #expect(!fixture.exists("deploy.lock") && !fixture.exists("state"))
    }

    @Test func `status shows the holder and the queue`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold(
            "a", options: ["--tier", "docker", "--source", "gha", "--sha", "3f2a9c1"])
        let waiters = try [fixture.wait("b"), fixture.wait("c")]
        let result = try fixture.look()
        #expect(result.code == 0)
        // The rest is in StatusTranscriptTests.
        for part in [
            "  wrapper       pid \(holder.pid), alive\n", "held open by  pid \(holder.pid) ",
        ] {
            #expect(result.output.contains(part), "\(part) in \(result.output)")
        }
        #expect(!result.output.contains("WARNING"))
        #expect(try fixture.code() == 1)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        for waiter in waiters { #expect(try waiter.finish().code == 0) }
        #expect(try fixture.look().output == "\(fixture.lock) is free\n")
    }

    @Test func `a killed wrapper leaves a running orphan`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a")
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        try fixture.killBoth(wrapper)
        let result = try fixture.look()
        #expect(result.output.contains("wrapper       pid \(wrapper.pid), dead"))
        #expect(try fixture.code() == 2)
        // Its command runs, so nothing is concluded yet.
        #expect(!result.output.contains("Recorded"))
        #expect(try fixture.outcomes() == ["1 in flight"])
        fixture.letGo("a")
        #expect(eventually { (try? fixture.isFree) == true })
        #expect(try fixture.look().output.contains("left by a dead orphan, #1"))
    }

    @Test func `a killed wrapper leaves its keeper, which records the true end`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.holdWithoutDescriptor("a")
        let keeper = try fixture.keeper(of: wrapper)
        try fixture.killWrapper(wrapper)
        #expect(try !fixture.isFree)
        let result = try fixture.look()
        #expect(result.output.contains("held by a running orphan, #1"), "\(result.output)")
        #expect(result.output.contains("wrapper       pid \(wrapper.pid), dead"))
        #expect(result.output.contains("keeper        pid \(keeper), alive"), "\(result.output)")
        #expect(result.output.contains("python3 -c"))
        #expect(!result.output.contains("deploy-keeper"))
        #expect(try fixture.code() == 2)
        #expect(eventually { (try? fixture.events(1).last) == "wrapper_lost" })
        fixture.letGo("a")
        #expect(eventually { (try? fixture.events(1).last) == "released succeeded" })
        #expect(try eventually { try fixture.look().output == "\(fixture.lock) is free\n" })
        #expect(fixture.tickets == [])
    }

    @Test func `a command that closed the lock is still found`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.holdWithoutDescriptor("a")
        try fixture.killBoth(wrapper)
        #expect(try fixture.isFree)
        let result = try fixture.look()
        #expect(result.output.contains("held by a running orphan, #1"), "\(result.output)")
        #expect(result.output.contains("python3 -c"))
        fixture.letGo("a")
        #expect(eventually { (try? fixture.look().output.contains("dead orphan")) == true })
    }

    @Test func `the next in line does not hide a running orphan`() throws {
        let fixture = try Fixture()
        try fixture.killBoth(try fixture.holdWithoutDescriptor("a"))
        let next = try fixture.waitForSurvivor("b")
        let result = try fixture.look()
        #expect(result.output.contains("held by a running orphan, #1"), "\(result.output)")
        #expect(result.output.contains("held open by  pid ") && result.output.contains("python3"))
        #expect(!result.output.contains("pid \(next.pid) "), "\(result.output)")
        #expect(result.output.contains("  1    #2 "))
        #expect(try fixture.code() == 2)
        fixture.letGo("a")
        fixture.letGo("b")
        #expect(try next.finish().code == 0)
    }

    @Test func `a dead orphan is recorded once`() throws {
        let fixture = try Fixture()
        try fixture.leaveDeadOrphan()
        let onlyLooks = try fixture.look(["--no-record"])
        #expect(onlyLooks.output.contains("is free; it was left by a dead orphan, #1"))
        #expect(try fixture.outcomes() == ["1 in flight"])
        #expect(try fixture.code() == 2)
        let first = try fixture.look()
        #expect(
            first.output.contains("Recorded: #1 died without recording an outcome: orphaned"),
            "\(first.output)")
        let second = try fixture.look()
        #expect(!second.output.contains("Recorded"))
        #expect(try fixture.events(1) == ["requested", "acquired", "orphaned orphaned"])
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try fixture.outcomes() == ["1 orphaned", "2 succeeded"])
        #expect(try fixture.look().output == "\(fixture.lock) is free\n")
    }

    @Test func `a waiter that died is recorded once the lock is free`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        // It looks for the dead when it records its acquisition, and not again.
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        let waiter = try fixture.wait("b")
        #expect(eventually { waiter.errors.contains("waiting for") })
        try fixture.killWrapper(waiter)
        let meanwhile = try fixture.look()
        #expect(
            meanwhile.output.contains("Nobody is waiting.")
                && !meanwhile.output.contains("Recorded"))
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        let result = try fixture.look()
        #expect(
            result.output.contains("Recorded: #2 died without recording an outcome: cancelled"),
            "\(result.output)")
        #expect(try fixture.outcomes() == ["1 succeeded", "2 cancelled"])
        #expect(
            try fixture.query("SELECT reason FROM event WHERE number = 2 AND outcome IS NOT NULL")
                == ["died"])
    }

    @Test func `a plain flock is an unrecorded process`() throws {
        let fixture = try Fixture()
        let stranger = try ChildProcess([
            "flock", fixture.lock, "sh", "-c",
            ": > \(fixture.directory.file("theirs.up")); sleep 600",
        ])
        #expect(eventually { fixture.exists("theirs.up") })
        let result = try fixture.look()
        #expect(result.output.contains("is held by a stranger"), "\(result.output)")
        #expect(result.output.contains("held open by  pid \(stranger.pid) "))
        #expect(result.output.contains("flock \(fixture.lock) sh -c"))
        #expect(try fixture.code() == 1)
        // What an earlier deployment left does not make it the holder.
        fixture.write("deploy.info", "PID: 1\nUser: alice\nCommand: x\n")
        #expect(try fixture.look().output.contains("is held by a stranger"))
        // A script that takes the lock and says so is known.
        fixture.write("deploy.info", "PID: \(stranger.pid)\nUser: alice\nCommand: ./old.sh\n")
        let known = try fixture.look().output
        #expect(known.contains("is held by pid \(stranger.pid)\n"), "\(known)")
        #expect(known.contains("user          alice") && known.contains("command       ./old.sh"))
        Glibc.kill(-stranger.pid, SIGTERM)
    }

    @Test func `a stopped deployment is alive`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        holder.kill(SIGSTOP)
        #expect(
            eventually {
                (try? fixture.look().output.contains("pid \(holder.pid), alive but stopped"))
                    == true
            })
        let result = try fixture.look()
        #expect(result.output.contains("WARNING: pid \(holder.pid) is stopped"))
        #expect(try fixture.code() == 1)
        holder.kill(SIGCONT)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `a removed lock file does not hide the holder`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        unlink(fixture.lock)
        #expect(try fixture.look().output.contains("is held by #1\n"))
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `a deployment that runs too long is pointed out`() throws {
        let fixture = try Fixture()
        let few = try fixture.hold("a", options: ["--tier", "docker"])
        let early = try fixture.look(["--warn-after", "0.001"])
        #expect(early.output.contains("longer than 1ms"), "\(early.output)")
        #expect(early.output.contains("has 0 successful deployments of tier docker"))
        #expect(
            early.output.contains(
                "To free it by force: check-deploy-lock --force-unlock --lock-file "
                    + "\(fixture.lock) --number 1\n"))
        #expect(early.output.contains("To investigate: ps -o pid,user,stat,etime,args -p "))
        fixture.letGo("a")
        #expect(try few.finish().code == 0)
        for _ in 0..<19 {
            #expect(try fixture.run(["--quiet", "--tier", "docker", "true"]).code == 0)
        }
        let holder = try fixture.hold("b", options: ["--tier", "docker"])
        let result = try fixture.look(["--warn-after", "0.001"])
        #expect(result.output.contains("deployments of tier docker usually take up to "))
        #expect(result.output.contains("(p95 of 20)"), "\(result.output)")
        #expect(!(try fixture.look(["--warn-after", "1h"])).output.contains("WARNING"))
        fixture.letGo("b")
        #expect(try holder.finish().code == 0)
    }
}
