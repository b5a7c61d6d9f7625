import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct ExclusionTests {
    /// Creates a file that must not exist yet (O_EXCL, by noclobber), stays a moment, removes it.
    static let proof = """
        set -C
        if : > $HERE/running; then sleep 0.00$(($$ % 5)); rm $HERE/running
        else echo overlap >> $HERE/overlaps; fi
        """

    @Test func `two commands never run at once although wrappers are killed`() throws {
        let fixture = try Fixture()
        let total = 1000
        var workers: [(child: ChildProcess, killAt: Int64)] = []
        var started = 0
        var killed = 0
        while started < total || !workers.isEmpty {
            while workers.count < 8, started < total {
                let child = try fixture.start(["--quiet", "sh", "-c", Self.proof])
                // About one in three is killed somewhere between its start and its end.
                let delay: Int64 =
                    started % 3 == 0 ? Int64.random(in: 0...120_000) : .max / 2
                workers.append((child, Clock.monotonicMicroseconds() + delay))
                started += 1
            }
            for worker in workers where worker.killAt <= Clock.monotonicMicroseconds() {
                if worker.child.isRunning {
                    worker.child.kill(SIGKILL)
                    killed += 1
                }
            }
            workers.removeAll { !$0.child.isRunning }
            usleep(500)
        }
        #expect(killed > 50)
        let last = try fixture.run(["true"])
        #expect(last.code == 0, "\(last.errors)")
        #expect(!fixture.exists("overlaps"))
        // A second one finds nothing left to conclude.
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try fixture.query("SELECT count(*) FROM deployment WHERE outcome IS NULL") == ["0"])
        let finals = try fixture.query(
            """
            SELECT deployment FROM event WHERE outcome IS NOT NULL
            GROUP BY deployment HAVING count(*) <> 1
            """)
        #expect(finals == [])
        let recorded = try #require(
            Int(try fixture.query("SELECT count(*) FROM deployment")[0]))
        #expect(recorded > total - killed && recorded <= total + 2)
        #expect(fixture.tickets == [])
    }

    @Test func `a plain flock excludes us and is excluded by us`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("ours")
        #expect(try !fixture.isFree)
        fixture.letGo("ours")
        #expect(try holder.finish().code == 0)
        #expect(try fixture.isFree)

        let stranger = try ChildProcess([
            "flock", fixture.lock, "sh", "-c",
            ": > \(fixture.directory.file("theirs.up")); sleep 600",
        ])
        #expect(eventually { fixture.exists("theirs.up") })
        let refused = try fixture.run(["--no-wait", "true"])
        #expect(refused.code == 1)
        #expect(refused.errors.contains("not a recorded deployment, pid \(stranger.pid)"))
        let waiter = try fixture.start(["sh", "-c", "echo ran"])
        #expect(eventually { waiter.errors.contains("waiting for") })
        #expect(waiter.output == "")
        Glibc.kill(-stranger.pid, SIGTERM)
        #expect(try waiter.finish().output == "ran\n")
    }

    @Test func `the lock outlives a killed wrapper exactly as long as the command`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a", options: ["--tier", "docker"])
        wrapper.kill(SIGKILL)
        #expect(try wrapper.finish().code == 128 + SIGKILL)
        #expect(try !fixture.isFree)
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        let next = try fixture.start(["sh", "-c", "echo next"])
        #expect(eventually { next.errors.contains("its wrapper died, its command") })
        fixture.letGo("a")
        let result = try next.finish()
        #expect(result.output == "next\n")
        #expect(try fixture.isFree)
        #expect(
            try eventually {
                try fixture.outcomes() == ["1 succeeded", "2 refused", "3 succeeded"]
            })
        #expect(
            try fixture.events(1)
                == ["requested", "acquired", "wrapper_lost", "released succeeded"])
        #expect(
            try fixture.query(
                """
                SELECT a.ended_at_us > b.requested_at_us FROM deployment a, deployment b
                WHERE a.number = 1 AND b.number = 2
                """) == ["1"])
    }

    @Test func `the lock outlives wrapper and keeper exactly as long as the command`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a", options: ["--tier", "docker"])
        try fixture.killBoth(wrapper)
        #expect(try !fixture.isFree)
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        let next = try fixture.start(["sh", "-c", "echo next"])
        #expect(eventually { next.errors.contains("its wrapper died, its command") })
        fixture.letGo("a")
        let result = try next.finish()
        #expect(result.output == "next\n")
        #expect(
            result.errors.contains("recorded that #1 died without recording an outcome: orphaned"))
        #expect(try fixture.isFree)
        #expect(try fixture.outcomes() == ["1 orphaned", "2 refused", "3 succeeded"])
        #expect(try fixture.events(1) == ["requested", "acquired", "orphaned orphaned"])
        // The last proof of life is the moment the lock came free, after the refused one asked.
        #expect(
            try fixture.query(
                """
                SELECT a.ended_at_us > b.requested_at_us FROM deployment a, deployment b
                WHERE a.number = 1 AND b.number = 2
                """) == ["1"])
    }

    @Test func `a command that closed the descriptor is not overlapped`() throws {
        let fixture = try Fixture()
        let script = """
            import os, time
            os.closerange(3, 4096)
            here = os.environ["HERE"]
            open(here + "/a.up", "x")
            while not os.path.exists(here + "/a.go"): time.sleep(0.01)
            os.remove(here + "/a.up")
            """
        let wrapper = try fixture.start(["python3", "-c", script])
        #expect(eventually { fixture.exists("a.up") })
        try fixture.killBoth(wrapper)
        // Nothing holds the file's lock any more, and still nobody gets in.
        #expect(try fixture.isFree)
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        #expect(try fixture.run(["--timeout", "0.2", "true"]).code == 1)
        let next = try fixture.start(["sh", "-c", "[ -e $HERE/a.up ] && echo overlap; echo next"])
        #expect(eventually { next.errors.contains("its wrapper died, its command") })
        fixture.letGo("a")
        #expect(try next.finish().output == "next\n")
        #expect(try fixture.outcomes().first == "1 orphaned")
    }

    @Test func `a daemon left behind does not hold the lock`() throws {
        let fixture = try Fixture()
        let result = try fixture.run([
            "sh", "-c", "setsid sleep 600 > /dev/null 2>&1 & echo $! > $HERE/daemon",
        ])
        #expect(result.code == 0)
        #expect(try fixture.isFree)
        let daemon = try #require(pid_t(fixture.lines("daemon")[0]))
        #expect(Glibc.kill(daemon, SIGKILL) == 0)
    }

    @Test func `a removed lock file or queue does not let two in`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        #expect(unlink(fixture.lock) == 0)
        let waiter = try fixture.start(["sh", "-c", "[ -e $HERE/a.go ] && echo after"])
        #expect(eventually { waiter.errors.contains("waiting for") })
        fixture.letGo("a")
        #expect(try waiter.finish().output == "after\n")
        #expect(try holder.finish().code == 0)

        let second = try fixture.hold("b")
        #expect(try ChildProcess.run(["rm", "-rf", fixture.lock + ".queue"]).code == 0)
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        fixture.letGo("b")
        #expect(try second.finish().code == 0)
        #expect(try fixture.outcomes().last?.hasSuffix(" refused") == true)
    }
}
