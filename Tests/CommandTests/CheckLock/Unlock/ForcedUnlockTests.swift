import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct ForcedUnlockTests {
    @Test func `a live holder ends by TERM and its wrapper knows why`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let result = try fixture.unlock(environment: ["SSH_CONNECTION": "10.0.0.5 1 10.0.0.1 22"])
        #expect(result.code == 0, "\(result.errors)")
        // The rest is in UnlockTranscriptTests.
        #expect(result.output.contains("saved facts: {") && result.output.contains("\"number\":1"))
        let ended = try holder.finish()
        #expect(ended.code == 128 + SIGTERM)
        #expect(try fixture.isFree)
        #expect(fixture.tickets == [])
        #expect(!fixture.exists("deploy.info"))
        #expect(try fixture.outcomes() == ["1 force_unlocked"])
        // How the command ended is known although the outcome was decided before.
        #expect(try fixture.query("SELECT signal || ' ' || reason FROM deployment") == ["15 stuck"])
        #expect(
            try fixture.forced("outcome", "result", "victim", "reason", "actor", "source", "client")
                == [
                    "force_unlocked - holder stuck root ssh 10.0.0.5",
                    "- terminated holder stuck root ssh 10.0.0.5",
                ])
        #expect(
            try fixture.query(
                "SELECT count(*) FROM event WHERE record ->> '$.victim_pid' = \(holder.pid)")
                == ["2"])
        #expect(
            try fixture.query(
                "SELECT count(*) FROM event_detail WHERE detail ->> '$.facts' LIKE '%\"number\":1%'"
            )
                == ["1"])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a command that ignores TERM is killed after the grace time`() throws {
        let fixture = try Fixture()
        let script = "trap '' TERM; : > $HERE/up; while :; do sleep 0.05; done"
        let holder = try fixture.start(["sh", "-c", script])
        #expect(eventually { fixture.exists("up") })
        let result = try fixture.unlock(["--grace", "0.2s"])
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.contains("KILL to pid"))
        #expect(result.output.contains("had to be killed (KILL)"))
        #expect(try holder.finish().code == 128 + SIGKILL)
        #expect(try fixture.forced("result") == ["-", "killed"])
        #expect(try fixture.query("SELECT signal FROM deployment") == ["9"])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `the next step of a script does not run`() throws {
        let fixture = try Fixture()
        let holder = try fixture.start(["sh", "-c", ": > $HERE/up; sleep 600; : > $HERE/next"])
        #expect(eventually { fixture.exists("up") })
        #expect(try fixture.unlock().code == 0)
        #expect(try holder.finish().code == 128 + SIGTERM)
        #expect(!fixture.exists("next"))
    }

    @Test func `a stopped wrapper is continued and records its release`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        holder.kill(SIGSTOP)
        #expect(try fixture.unlock().code == 0)
        #expect(try holder.finish().code == 128 + SIGTERM)
        #expect(try fixture.events(1).contains("released"))
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a running orphan's command is ended`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a")
        wrapper.kill(SIGKILL)
        #expect(try wrapper.finish().code == 128 + SIGKILL)
        let result = try fixture.unlock()
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.contains("orphaned: its wrapper died, its command still runs"))
        #expect(try fixture.isFree)
        #expect(fixture.tickets == [])
        #expect(!fixture.exists("deploy.info"))
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try fixture.outcomes() == ["1 force_unlocked", "2 succeeded"])
        #expect(
            try fixture.forced("victim", "result") == [
                "running_orphan -", "running_orphan terminated",
            ])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a dead orphan's facts are saved and cleared`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.start(["sh", "-c", "echo $$ > $HERE/pid; exec sleep 600"])
        #expect(eventually { fixture.lines("pid").count == 1 })
        #expect(eventually { fixture.exists("deploy.info") })
        try fixture.killBoth(wrapper)
        kill(try #require(fixture.lines("pid").first.flatMap { pid_t($0) }), SIGKILL)
        #expect(try eventually { try fixture.isFree })
        let result = try fixture.unlock()
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.contains("dead orphan"))
        #expect(fixture.tickets == [])
        #expect(!fixture.exists("deploy.info"))
        #expect(try fixture.outcomes() == ["1 force_unlocked"])
        #expect(try fixture.forced("victim", "result") == ["dead_orphan gone"])
        try fixture.expectOneOutcomeEach()
        // There is nothing left.
        let again = try fixture.unlock()
        #expect(again.code == 0)
        #expect(again.output.contains("is free; there is nothing to unlock"))
        #expect(try fixture.forced("victim").count == 1)
    }

    @Test func `an unrecorded process's lock is freed without a deployment`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let stranger = try ChildProcess([
            "flock", fixture.lock, "sh", "-c",
            ": > \(fixture.directory.file("up")); sleep 600; :",
        ])
        #expect(eventually { fixture.exists("up") })
        let result = try fixture.unlock()
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.contains("not a recorded deployment, pid \(stranger.pid)"))
        #expect(try stranger.finish().code == 128 + SIGTERM)
        #expect(try fixture.isFree)
        #expect(
            try fixture.forced("deployment", "victim", "victim_pid", "result") == [
                "- stranger \(stranger.pid) -", "- stranger \(stranger.pid) terminated",
            ])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a killed deployment's remaining processes are named and ended`() throws {
        let fixture = try Fixture()
        let script = """
            (trap '' HUP; echo $BASHPID > $HERE/daemon; exec sleep 600) &
            : > $HERE/up; while [ ! -e $HERE/go ]; do sleep 0.01; done
            """
        let wrapper = try fixture.start(["bash", "-c", script])
        #expect(eventually { fixture.exists("up") && fixture.lines("daemon").count == 1 })
        try fixture.killBoth(wrapper)
        fixture.write("go", "")
        let daemon = try #require(fixture.lines("daemon").first)
        var shown = ""
        // The command takes a moment to end.
        #expect(
            try eventually {
                shown = try ChildProcess.run(
                    [BuiltTool.path("check-deploy-lock"), "--force-unlock"],
                    environment: fixture.environment()
                ).errors
                return shown.contains("left behind by #1")
            }, "\(shown)")
        #expect(shown.contains("pid \(daemon): sleep 600"))
        #expect(try !fixture.isFree)
        let result = try fixture.unlock()
        #expect(result.code == 0, "\(result.errors)")
        #expect(try fixture.isFree)
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try fixture.outcomes() == ["1 force_unlocked", "2 succeeded"])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `the next deployment gets the lock in its turn`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        var waiters: [ChildProcess] = []
        for number in 2...4 {
            waiters.append(try fixture.start(["sh", "-c", "echo $DEPLOY_NUMBER >> $HERE/order"]))
            #expect(eventually { fixture.tickets.contains("ticket-\(number)") })
            #expect(eventually { waiters.last?.errors.contains("waiting for") == true })
        }
        let result = try fixture.unlock()
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.contains("waiting    3: #2 root, #3 root, #4 root"))
        for waiter in waiters { #expect(try waiter.finish().code == 0) }
        #expect(try holder.finish().code == 128 + SIGTERM)
        #expect(fixture.lines("order") == ["2", "3", "4"])
        // Also when that one is done before anybody looks.
        #expect(try fixture.forced("waiting", "next_number") == ["3 -", "3 2"])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `the ledger names the next holder`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let script = ": > $HERE/b.up; while [ ! -e $HERE/b.go ]; do sleep 0.01; done"
        let next = try fixture.start(["sh", "-c", script])
        #expect(eventually { next.errors.contains("waiting for") })
        let result = try fixture.unlock()
        #expect(result.output.contains("next: #2 got the lock"), "\(result.output)")
        #expect(try fixture.forced("next_number") == ["-", "2"])
        // The one that came next is not touched.
        #expect(next.isRunning)
        fixture.letGo("b")
        #expect(try next.finish().code == 0)
        _ = try holder.finish()
    }

    @Test func `trouble with the ledger does not prevent a forced unlock`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        #expect(eventually { fixture.exists("state/ledger.db.lock") })
        let keeper = try ChildProcess([
            "flock", fixture.directory.file("state/ledger.db.lock"), "sh", "-c",
            ": > \(fixture.directory.file("locked")); sleep 600",
        ])
        #expect(eventually { fixture.exists("locked") })
        let result = try fixture.unlock()
        #expect(result.code == 0, "\(result.errors)")
        #expect(try holder.finish().code == 128 + SIGTERM)
        kill(-keeper.pid, SIGKILL)
        #expect(try fixture.isFree)
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try fixture.outcomes() == ["1 force_unlocked", "2 succeeded"])
        try fixture.expectOneOutcomeEach()
    }
}
