import Glibc
import SystemCalls
import TestSupport
import Testing

/// What a forced unlock says, as a whole.
@Suite struct UnlockTranscriptTests {
    @Test func `the dialogue shows what would break, asks twice and tells the result`() throws {
        let fixture = try Fixture()
        let holder = try fixture.holdAlone("a")
        let waiter = try fixture.wait("b")
        let terminal = try PseudoTerminal(
            [BuiltTool.path("check-deploy-lock"), "--force-unlock"],
            environment: fixture.environment())
        #expect(eventually { terminal.screen.contains("Reason (recorded in the ledger): ") })
        terminal.type("wedged\n")
        #expect(eventually { terminal.screen.contains("Type yes to unlock #1: ") })
        terminal.type("yes\n")
        #expect(terminal.finish() == 0)
        #expect(
            fixture.transcript(terminal.screen) == """
                HERE/deploy.lock
                  held by  #1 USER, running for LENGTH, since TIME
                  command  sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                  wrapper  pid PID, alive
                  processes  pid PID: sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                  waiting  1: #2 USER
                warning: these processes will be ended in the middle of their work. What they change is left as it is at that moment.
                Reason (recorded in the ledger): wedged
                Type yes to unlock #1: yes
                TERM to pid PID: sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'; KILL in LENGTH
                unlocked: #1, its processes ended when asked to (TERM)
                next: #2 got the lock
                saved facts: {FACTS}
                The state of the application is unknown: #1 did not finish. Check which version runs, half-written files, migrations and containers, then deploy again.

                """)
        let holderSaid = try fixture.transcript(holder.finish().errors)
        #expect(
            holderSaid == """
                deploy-with-lock: #1 was force-unlocked by USER: wedged
                deploy-with-lock: #1 was ended by signal TERM (exit code 143): waited LENGTH, ran LENGTH; ledger HEAD

                """)
        #expect(try waiter.finish().code == 0)
    }

    @Test func `a running orphan's unlock says that its wrapper died`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.holdAlone("a")
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        try fixture.killBoth(wrapper)
        let result = try fixture.unlock()
        #expect(result.code == 0)
        #expect(
            fixture.transcript(result.errors) == """
                HERE/deploy.lock
                  held by  #1 USER, orphaned: its wrapper died, its command still runs (LENGTH, since TIME)
                  command  sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                  wrapper  pid PID, dead
                  processes  pid PID: sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                  waiting  nobody
                warning: these processes will be ended in the middle of their work. What they change is left as it is at that moment.
                TERM to pid PID: sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'; KILL in LENGTH

                """)
        #expect(
            fixture.transcript(result.output) == """
                unlocked: #1, its processes ended when asked to (TERM)
                next: nobody is waiting
                saved facts: {FACTS}
                The state of the application is unknown: #1 did not finish. Check which version runs, half-written files, migrations and containers, then deploy again.

                """)
    }

    @Test func `a dead orphan's facts are cleared without ending anything`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.holdAlone("a")
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        try fixture.killBoth(wrapper)
        fixture.letGo("a")
        #expect(try eventually { try fixture.isFree })
        let result = try fixture.unlock()
        #expect(result.code == 0)
        #expect(
            fixture.transcript(result.errors + result.output) == """
                HERE/deploy.lock
                  held by  nobody: #1 USER died (dead orphan, asked TIME); the lock is free
                  command  sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                  wrapper  pid PID, dead
                  processes  none that can be seen
                  waiting  nobody
                Nothing of it runs any more; unlocking saves its facts in the ledger and clears them.
                unlocked: #1, nothing of it ran any more
                next: nobody is waiting
                saved facts: {FACTS}
                The state of the application is unknown: #1 did not finish. Check which version runs, half-written files, migrations and containers, then deploy again.

                """)
    }

    @Test func `abandoning says that the processes go on`() throws {
        let fixture = try Fixture()
        let holder = try fixture.holdAlone("a")
        let result = try fixture.unlock(["--abandon", "--no-watch"])
        #expect(result.code == 0)
        #expect(
            fixture.transcript(result.errors + result.output) == """
                HERE/deploy.lock
                  held by  #1 USER, running for LENGTH, since TIME
                  command  sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                  wrapper  pid PID, alive
                  processes  pid PID: sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                  waiting  nobody
                warning: the lock file is replaced and these processes GO ON RUNNING. The next deployment starts beside them: two may change the application at once. Only for processes that cannot be ended.
                ABANDONED: #1 lost the lock and still runs:
                  pid PID: sh -c ': > $HERE/a.up; read line < $HERE/a.go || true'
                  pid PID: deploy-with-lock ARGUMENTS
                next: nobody is waiting
                saved facts: {FACTS}
                The state of the application is unknown and may still change: #1 goes on. Stop it by other means, check which version runs, then deploy again.
                not monitored; check with 'kill -0 PID' whether it still runs

                """)
        fixture.letGo("a")
        _ = try holder.finish()
    }
}
