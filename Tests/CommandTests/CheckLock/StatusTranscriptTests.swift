import Glibc
import SystemCalls
import TestSupport
import Testing

/// What `check-deploy-lock` prints, as a whole, in every state.
@Suite struct StatusTranscriptTests {
    @Test func `a free lock is one line`() throws {
        let fixture = try Fixture()
        #expect(try fixture.transcript(fixture.look().output) == "HERE/deploy.lock is free\n")
    }

    @Test func `a held lock shows its holder, its processes and the queue`() throws {
        let fixture = try Fixture()
        let holder = try fixture.holdAlone(
            "a", options: ["--tier", "docker", "--source", "gha", "--sha", "3f2a9c1"])
        let waiters = try [
            fixture.wait("b"), fixture.wait("c", options: Fixture.batch + ["--sha", "41d0aa2"]),
        ]
        let shown = try fixture.transcript(fixture.look().output)
        #expect(
            shown == """
                HERE/deploy.lock is held by #1
                  user  USER
                  host  HOST
                  started  TIME
                  running  LENGTH
                  command  sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                  tier  docker
                  source  gha
                  commit  3f2a9c1
                  deployment  ID
                  wrapper  pid PID, alive
                  held open by  pid PID (USER) deploy-with-lock ARGUMENTS
                                pid PID (USER) sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                2 waiting:
                  POS  NUMBER  USER  WAITING  BATCH  COMMAND
                  1  #2  USER  LENGTH  -  sh -c 'echo b'
                  2  #3  USER  LENGTH  ref main  sh -c 'echo c'

                """)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        for waiter in waiters { #expect(try waiter.finish().code == 0) }
    }

    @Test func `a lock held for too long says so and names the next steps`() throws {
        let fixture = try Fixture()
        let holder = try fixture.holdAlone("a", options: ["--tier", "docker", "--source", "ssh"])
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        var shown = ""
        #expect(
            try eventually {
                shown = try fixture.transcript(fixture.look(["--warn-after", "1s"]).output)
                return shown.contains("WARNING")
            })
        #expect(
            shown == """
                HERE/deploy.lock is held by #1
                  user  USER
                  host  HOST
                  started  TIME
                  running  LENGTH
                  command  sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                  tier  docker
                  source  ssh
                  deployment  ID
                  wrapper  pid PID, alive
                  held open by  pid PID (USER) deploy-with-lock ARGUMENTS
                                pid PID (USER) sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                Nobody is waiting.
                WARNING: running for LENGTH, longer than LENGTH; the ledger has 0 successful deployments of tier docker under this lock, too few for a usual p95 (20)
                To investigate: ps -o pid,user,stat,etime,args -p PIDS; deploystats show 1
                To stop it cleanly: kill PID (forwards the signal to its command)
                To free it by force: check-deploy-lock --force-unlock --lock-file HERE/deploy.lock --number 1

                """)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `a running orphan names its keeper`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.holdAlone("a", options: ["--source", "ssh"])
        _ = try fixture.keeper(of: wrapper)
        try fixture.killWrapper(wrapper)
        #expect(eventually { (try? fixture.events(1).last) == "wrapper_lost" })
        let shown = try fixture.transcript(fixture.look().output)
        #expect(
            shown == """
                HERE/deploy.lock is held by a running orphan, #1:
                its wrapper died without a release, what it started still runs
                  user  USER
                  host  HOST
                  started  TIME
                  running  LENGTH
                  command  sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                  source  ssh
                  deployment  ID
                  wrapper  pid PID, dead
                  keeper  pid PID, alive, records how the command ends
                  held open by  pid PID (USER) sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                Nobody is waiting.
                The next deployment starts when these processes have ended.
                To investigate: ps -o pid,user,stat,etime,args -p PIDS; deploystats show 1
                To free it by force: check-deploy-lock --force-unlock --lock-file HERE/deploy.lock --number 1

                """)
        fixture.letGo("a")
        #expect(eventually { (try? fixture.events(1).last) == "released succeeded" })
    }

    @Test func `a running orphan without a keeper is its command alone`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.holdAlone("a", options: ["--source", "ssh"])
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        try fixture.killBoth(wrapper)
        let shown = try fixture.transcript(fixture.look().output)
        #expect(
            shown == """
                HERE/deploy.lock is held by a running orphan, #1:
                its wrapper died without a release, what it started still runs
                  user  USER
                  host  HOST
                  started  TIME
                  running  LENGTH
                  command  sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                  source  ssh
                  deployment  ID
                  wrapper  pid PID, dead
                  keeper  pid PID, dead
                  held open by  pid PID (USER) sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                Nobody is waiting.
                The next deployment starts when these processes have ended.
                To investigate: ps -o pid,user,stat,etime,args -p PIDS; deploystats show 1
                To free it by force: check-deploy-lock --force-unlock --lock-file HERE/deploy.lock --number 1

                """)
        fixture.letGo("a")
        #expect(eventually { (try? fixture.isFree) == true })
    }

    @Test func `a dead orphan is named, recorded and in nobody's way`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.holdAlone("a", options: ["--source", "ssh"])
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        try fixture.killBoth(wrapper)
        fixture.letGo("a")
        #expect(try eventually { try fixture.isFree })
        let shown = try fixture.transcript(fixture.look().output)
        #expect(
            shown == """
                HERE/deploy.lock is free; it was left by a dead orphan, #1:
                it died without a release, and nothing of it runs any more
                  user  USER
                  host  HOST
                  started  TIME
                  command  sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                  source  ssh
                  deployment  ID
                  wrapper  pid PID, dead
                Nobody is waiting.
                Recorded: #1 died without recording an outcome: orphaned
                Nothing is in the way: the next deployment starts at once.
                To investigate: deploystats show 1

                """)
    }

    @Test func `an unrecorded process is named by its pid`() throws {
        let fixture = try Fixture()
        let other = try ChildProcess([
            "flock", "--no-fork", fixture.lock, "sh", "-c",
            ": > \(fixture.directory.file("s.up")); exec sleep 600",
        ])
        #expect(eventually { fixture.exists("s.up") })
        #expect(
            try eventually {
                try fixture.look().output.contains("sleep 600")
            })
        let shown = try fixture.transcript(fixture.look().output)
        #expect(
            shown == """
                HERE/deploy.lock is held by a stranger, an unrecorded process
                  running  LENGTH
                  held open by  pid PID (USER) sleep 600
                Nobody is waiting.
                Deployments wait until it releases the lock.
                To investigate: ps -o pid,user,stat,etime,args -p PIDS
                To free it by force: check-deploy-lock --force-unlock --lock-file HERE/deploy.lock

                """)
        other.kill(SIGKILL)
        _ = try other.finish()
    }
}
