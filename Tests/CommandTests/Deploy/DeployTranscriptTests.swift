import Glibc
import SystemCalls
import TestSupport
import Testing

/// What `deploy-with-lock` says, as a whole, when a deployment does not simply run.
@Suite struct DeployTranscriptTests {
    @Test func `a waiting deployment names the holder, acquires and reports its end`() throws {
        let fixture = try Fixture()
        let holder = try fixture.holdAlone(
            "a",
            options: [
                "--source", "gha", "--sha", "1a2b3c4d5e6f7a8b", "--run-url",
                "https://ci.example/runs/7",
            ])
        let waiter = try fixture.start(["--timeout", "5m", "echo", "a b"])
        #expect(eventually { waiter.errors.contains("waiting for") })
        fixture.letGo("a")
        let holderSaid = try fixture.transcript(holder.finish().errors)
        #expect(
            holderSaid == """
                deploy-with-lock: #1 succeeded: waited LENGTH, ran LENGTH; ledger HEAD

                """)
        let waiterSaid = try fixture.transcript(waiter.finish().errors)
        #expect(
            waiterSaid == """
                deploy-with-lock: #2 waiting for the lock, giving up in LENGTH, position 1, held by #1 USER for LENGTH (since TIME, from gha, commit 1a2b3c4d, https://ci.example/runs/7): sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'; HERE/deploy.lock
                deploy-with-lock: #2 acquired after LENGTH, running: echo 'a b'
                deploy-with-lock: #2 succeeded: waited LENGTH, ran LENGTH; ledger HEAD

                """)
    }

    @Test func `a deployment that times out names the holder and the option`() throws {
        let fixture = try Fixture()
        let holder = try fixture.holdAlone("a")
        let late = try fixture.run(["--timeout", "1s", "true"])
        #expect(late.code == 1)
        #expect(
            fixture.transcript(late.errors) == """
                deploy-with-lock: #2 waiting for the lock, giving up in LENGTH, position 1, held by #1 USER for LENGTH (since TIME): sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'; HERE/deploy.lock
                deploy-with-lock: #2 gave up after LENGTH, nothing was run: held by #1 USER for LENGTH (since TIME): sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'; wait longer with --timeout, or look with 'check-deploy-lock'

                """)
        let refused = try fixture.run(["--no-wait", "true"])
        #expect(
            fixture.transcript(refused.errors) == """
                deploy-with-lock: #3 refused, nothing was run: the lock is taken, held by #1 USER for LENGTH (since TIME): sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'

                """)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `a skipped deployment lists the queue and what is not delivered`() throws {
        let fixture = try Fixture()
        let push = ["--max-queue", "2", "--ref", "main", "--sha"]
        let first = try fixture.holdAlone("a", options: push + ["aaa111"])
        let second = try fixture.wait("b", options: push + ["bbb222"])
        let third = try fixture.run(push + ["ccc333", "./deploy.sh", "web"])
        #expect(third.code == 0 && third.output.isEmpty)
        #expect(
            fixture.transcript(third.errors) == """
                deploy-with-lock: #3 SKIPPED, nothing was run: 2 deployments run or wait under HERE/deploy.lock, and --max-queue is 2
                deploy-with-lock:  running  #1 USER for LENGTH (since TIME, commit aaa111): sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                deploy-with-lock:  waiting  #2 USER since TIME (commit bbb222): sh -c 'echo b'
                deploy-with-lock: commit ccc333 (main) is NOT DELIVERED by this deployment
                deploy-with-lock: the newest one waiting, #2, is for the same ref, commit bbb222; whether it contains this commit is unknown here
                deploy-with-lock: to deploy it anyway: deploy-with-lock --ignore-max-queue --max-queue 2 --ref main --sha ccc333 ./deploy.sh web
                deploy-with-lock:  (or leave out --max-queue)

                """)
        fixture.letGo("a")
        for child in [first, second] { #expect(try child.finish().code == 0) }
    }

    @Test func `a superseded deployment names the one that covers it`() throws {
        let fixture = try Fixture()
        let first = try fixture.holdAlone("a")
        let second = try fixture.wait("b", options: Fixture.batch + ["--sha", "bbb222"])
        #expect(eventually { second.errors.contains("waiting for") })
        let third = try fixture.wait("c", options: Fixture.batch + ["--sha", "ccc333"])
        fixture.letGo("a")
        let said = try fixture.transcript(second.finish().errors)
        #expect(
            said == """
                deploy-with-lock: #2 waiting for the lock, giving up in LENGTH, position 1, held by #1 USER for LENGTH (since TIME): sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'; HERE/deploy.lock
                deploy-with-lock: #2 SUPERSEDED, nothing was run: it stepped aside for a newer deployment, #3 USER since TIME (commit ccc333): sh -c 'echo c' (batch: ref main); commit bbb222 is delivered if #3 succeeds, see 'deploystats show 2'

                """)
        for child in [first, third] { #expect(try child.finish().code == 0) }
    }
}
