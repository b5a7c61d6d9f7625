import Glibc
import SystemCalls
import TestSupport
import Testing

/// Deployments that meet a freeze.
struct FreezeTests {
    @Test func `a deployment waits for the end of a freeze, and the wait is no lock wait`() throws {
        let fixture = try Fixture()
        let id = try fixture.freeze()
        let waiter = try fixture.joinFrozen("a")
        #expect(try fixture.isFree, "a frozen waiter has the lock")
        #expect(!fixture.exists("ran"))
        #expect(waiter.errors.contains("by \(User.name(of: geteuid())): release weekend"))
        usleep(300_000)
        try fixture.unfreeze()
        #expect(try waiter.finish().code == 0)
        #expect(waiter.errors.contains("no longer frozen"))
        #expect(waiter.errors.contains(", frozen "))
        #expect(fixture.lines("ran") == ["a"])
        let frozen = try fixture.numbers("frozen_us", of: "acquired")
        #expect(frozen.count == 1 && frozen[0] >= 300_000, "\(frozen)")
        let waited = try fixture.numbers("wait_us", of: "acquired")
        #expect(waited[0] >= 0)
        let times = try fixture.query(
            """
            SELECT a.at_us - r.at_us FROM event r JOIN event a USING (deployment)
            WHERE r.kind = 'requested' AND a.kind = 'acquired'
            """
        ).compactMap { Int64($0) }
        #expect(abs(waited[0] + frozen[0] - times[0]) < 200_000)
        #expect(
            try fixture.query(
                "SELECT kind || ' ' || (record ->> '$.freeze') FROM event "
                    + "WHERE kind IN ('frozen', 'unfrozen') ORDER BY seq")
                == ["frozen \(id)", "unfrozen \(id)"])
    }

    @Test func `three that wait keep their order through a freeze that ends by itself`() throws {
        let fixture = try Fixture()
        let id = try fixture.freeze()
        let waiters = try ["a", "b", "c"].map { try fixture.joinFrozen($0) }
        try fixture.freeze(until: "+1s", reason: "nearly done", ["--replace", id])
        for waiter in waiters { #expect(try waiter.finish().code == 0, "\(waiter.errors)") }
        #expect(fixture.lines("ran") == ["a", "b", "c"])
        // It is kept a while for a clock that is set back.
        #expect(fixture.freezeFiles == ["freeze-\(id)"])
        #expect(try fixture.numbers("frozen_us", of: "acquired").allSatisfy { $0 > 0 })
    }

    @Test(arguments: [["--no-wait"], ["--timeout", "30m"], ["--timeout", "0"]])
    func `one whose deadline comes before the end is refused at once`(_ options: [String]) throws {
        let fixture = try Fixture()
        try fixture.freeze()
        let result = try fixture.run(options + ["--busy-exit-code", "7", "true"])
        #expect(result.code == 7)
        #expect(
            result.errors.contains("refused, nothing was run: deployments are frozen until"),
            "\(result.errors)")
        #expect(result.errors.contains("--override-freeze"))
        try fixture.settle()
        #expect(
            try fixture.query("SELECT outcome || ' ' || reason FROM deployment")
                == ["refused frozen"])
        #expect(fixture.tickets.isEmpty)
    }

    @Test func `a freeze that comes between request and lock is obeyed`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let script = ": > $HERE/up; while [ ! -e $HERE/go ]; do sleep 0.01; done"
        let stranger = try ChildProcess(
            ["flock", fixture.lock, "sh", "-c", script], environment: fixture.environment())
        #expect(eventually { fixture.exists("up") })
        let waiter = try fixture.join(["--timeout", "3h"], "echo a >> $HERE/ran")
        #expect(eventually { waiter.errors.contains("waiting for the lock") })
        // It finds the freeze when it has the lock, for it cannot look before.
        waiter.kill(SIGSTOP)
        try fixture.freeze()
        fixture.write("go", "")
        #expect(try stranger.finish().code == 0)
        waiter.kill(SIGCONT)
        #expect(eventually { waiter.errors.contains("is waiting: deployments are frozen") })
        #expect(eventually { (try? fixture.isFree) == true }, "it kept the lock")
        #expect(!fixture.exists("ran"))
        try fixture.unfreeze()
        #expect(try waiter.finish().code == 0, "\(waiter.errors)")
        #expect(fixture.lines("ran") == ["a"])
    }

    @Test func `what runs goes on, and the next one waits`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let waiter = try fixture.join(["--timeout", "3h"], "echo b >> $HERE/ran")
        try fixture.freeze()
        // It is told while somebody else is in the way.
        #expect(eventually { waiter.errors.contains("is waiting: deployments are frozen") })
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(eventually { (try? fixture.isFree) == true })
        #expect(!fixture.exists("ran"))
        try fixture.unfreeze()
        #expect(try waiter.finish().code == 0)
        #expect(fixture.lines("ran") == ["b"])
    }

    @Test func `overlapping freezes hold until the last one ends`() throws {
        let fixture = try Fixture()
        try fixture.freeze(until: "+1h", reason: "short")
        let long = try fixture.freeze(until: "+2h", reason: "long")
        #expect(try fixture.run(["--timeout", "90m", "true"]).code == 1)
        let waiter = try fixture.joinFrozen("a")
        #expect(waiter.errors.contains(": long; 1 more that ends earlier"), "\(waiter.errors)")
        let several = try fixture.stats("unfreeze")
        #expect(several.code == 1)
        #expect(several.errors.contains("2 freezes are in force"))
        #expect(try fixture.stats("unfreeze", long).code == 0)
        #expect(eventually { waiter.errors.contains(": short") })
        #expect(!fixture.exists("ran"))
        #expect(try fixture.stats("unfreeze").code == 0)
        #expect(try waiter.finish().code == 0)
    }

    @Test func `one that is extended beyond a deadline refuses who waits`() throws {
        let fixture = try Fixture()
        let id = try fixture.freeze(until: "+1h")
        let patient = try fixture.joinFrozen("a", ["--timeout", "3h"])
        let waiter = try fixture.joinFrozen("b", ["--timeout", "2h"])
        try fixture.freeze(until: "+150m", reason: "longer", ["--replace", id])
        let result = try waiter.finish()
        #expect(result.code == 1)
        #expect(result.errors.contains("refused, nothing was run"), "\(result.errors)")
        #expect(eventually { patient.errors.contains(": longer") })
        #expect(try fixture.numbers("frozen_us", of: "refused").allSatisfy { $0 > 0 })
        #expect(fixture.freezeFiles.count == 1)
        try fixture.unfreeze()
        #expect(try patient.finish().code == 0)
        #expect(fixture.lines("ran") == ["a"])
    }

    @Test func `one that waits can be called off`() throws {
        let fixture = try Fixture()
        try fixture.freeze()
        let waiter = try fixture.joinFrozen("a")
        waiter.kill(SIGTERM)
        #expect(try waiter.finish().code == 128 + SIGTERM)
        #expect(try fixture.numbers("frozen_us", of: "cancelled").allSatisfy { $0 > 0 })
    }

    @Test func `a call inside a deployment is not judged`() throws {
        let fixture = try Fixture()
        let script =
            "'\(BuiltTool.path("deploystats"))' freeze --until +1h --reason x >/dev/null; "
            + "'\(BuiltTool.path("deploy-with-lock"))' --no-wait sh -c 'echo inner >> $HERE/ran'"
        let result = try fixture.run(["sh", "-c", script])
        #expect(result.code == 0, "\(result.errors)")
        #expect(fixture.lines("ran") == ["inner"])
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
    }
}
