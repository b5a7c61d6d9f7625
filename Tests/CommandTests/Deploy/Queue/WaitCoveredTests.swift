import CommandSupport
import DeployLock
import Glibc
import Ledger
import SystemCalls
import TestSupport
import Testing

@testable import DeployCommand

/// `--yield-to-newer --wait-covered`.
@Suite struct WaitCoveredTests {
    /// A holder `a`, and behind it one that waits for whoever covers it.
    private func begin(
        _ fixture: Fixture, _ options: [String] = []
    ) throws -> (holder: ChildProcess, covered: ChildProcess) {
        let holder = try fixture.hold("a")
        return (holder, try fixture.queue("bbb", ["--wait-covered"] + options))
    }

    @Test(
        arguments: [
            ("true", 0, "#2 delivered by #3, which covers it and succeeded"),
            ("exit 7", 7, "#2 NOT DELIVERED: #3, which covers it, failed with exit code 7"),
            ("kill -9 $$", 137, "NOT DELIVERED: #3, which covers it, was ended by signal KILL"),
            ("exec no-such-program", 127, "NOT DELIVERED: #3, which covers it, failed"),
        ] as [(String, CInt, String)])
    func `a covered deployment takes the exit code of the covering one`(
        script: String, code: CInt, words: String
    ) throws {
        let fixture = try Fixture()
        let (holder, covered) = try begin(fixture, ["--skip-exit-code", "99"])
        let covering = try fixture.join(Fixture.batch, script)
        fixture.letGo("a")
        #expect(try covering.finish().code == code)
        let result = try covered.finish()
        #expect(result.code == code)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(try holder.finish().code == 0)
        try fixture.settle()
        #expect(try fixture.events(2) == ["requested", "superseded superseded"])
    }

    @Test func `a covered deployment follows a chain`() throws {
        let fixture = try Fixture()
        let (holder, covered) = try begin(fixture)
        let between = try fixture.queueHolding("x")
        let fourth = try fixture.queue("ddd")
        fixture.letGo("a")
        #expect(eventually { covered.errors.contains("#2 waits for #4, which covers it") })
        let fifth = try fixture.join(Fixture.batch, "exit 5")
        fixture.letGo("x")
        #expect(try fifth.finish().code == 5)
        let result = try covered.finish()
        #expect(result.code == 5)
        #expect(result.errors.contains("#4, which covers #2, stepped aside for #5"))
        #expect(result.errors.contains("NOT DELIVERED: #5, which covers it, failed"))
        for child in [holder, between, fourth] { #expect(try child.finish().code == 0) }
    }

    @Test func `a signal ends the wait of a covered deployment and nothing else`() throws {
        let fixture = try Fixture()
        let (holder, covered) = try begin(fixture)
        let between = try fixture.queueHolding("x")
        let covering = try fixture.queue("ddd")
        fixture.letGo("a")
        #expect(eventually { covered.errors.contains("#2 waits for #4") })
        covered.kill(SIGTERM)
        let result = try covered.finish()
        #expect(result.code == 128 + SIGTERM)
        #expect(
            result.errors.contains(
                "#2 no longer waits for #4 (signal TERM), which is still running"))
        fixture.letGo("x")
        for child in [holder, between, covering] { #expect(try child.finish().code == 0) }
        #expect(fixture.lines("ran") == ["ddd"])
        #expect(try fixture.coverage()[1] == "2 superseded 4")
    }

    @Test(arguments: [SIGKILL, SIGTERM])
    func `a covering deployment that ended without running is reported`(_ signal: CInt) throws {
        let fixture = try Fixture()
        let (holder, covered) = try begin(fixture, ["--busy-exit-code", "33"])
        let between = try fixture.queueHolding("x")
        let covering = try fixture.queue("ddd")
        fixture.letGo("a")
        #expect(eventually { covered.errors.contains("#2 waits for #4") })
        covering.kill(signal)
        _ = try covering.finish()
        let result = try covered.finish()
        #expect(result.code == 33)
        let how = signal == SIGKILL ? "died while it waited" : "was cancelled (signal TERM)"
        #expect(
            result.errors.contains("#2 NOT DELIVERED: #4, which covers it, \(how); nobody"),
            "\(result.errors)")
        fixture.letGo("x")
        for child in [holder, between] { #expect(try child.finish().code == 0) }
    }

    @Test func `when the covering wrapper is killed its keeper reports the end`() throws {
        let fixture = try Fixture()
        let (holder, covered) = try begin(fixture)
        let covering = try fixture.queueHolding("d", Fixture.batch)
        fixture.letGo("a")
        #expect(eventually { fixture.exists("d.up") })
        try fixture.killWrapper(covering)
        fixture.letGo("d")
        let result = try covered.finish()
        #expect(result.code == 0)
        #expect(result.errors.contains("#2 delivered by #3"), "\(result.errors)")
        #expect(try holder.finish().code == 0)
    }

    @Test func `the end is unknown when the covering wrapper and keeper are killed`() throws {
        let fixture = try Fixture()
        let (holder, covered) = try begin(fixture)
        let covering = try fixture.queueHolding("d", Fixture.batch)
        fixture.letGo("a")
        #expect(eventually { fixture.exists("d.up") })
        try fixture.killBoth(covering)
        let result = try covered.finish()
        #expect(result.code == 1)
        #expect(
            result.errors.contains(
                "unknown whether #2 was delivered: nothing says how #3, which covers it, "
                    + "ended; see 'deploystats show 2'"), "\(result.errors)")
        fixture.letGo("d")
        #expect(try holder.finish().code == 0)
    }

    @Test func `a forced unlock of the covering deployment is no delivery`() throws {
        let fixture = try Fixture()
        let (holder, covered) = try begin(fixture)
        let covering = try fixture.queueHolding("d", Fixture.batch)
        fixture.letGo("a")
        #expect(eventually { fixture.exists("d.up") })
        #expect(try fixture.unlock(["--number", "3"]).code == 0)
        #expect(try covering.finish().code == 128 + SIGTERM)
        let result = try covered.finish()
        #expect(result.code == 128 + SIGTERM)
        #expect(result.errors.contains("NOT DELIVERED: #3, which covers it, was unlocked by force"))
        try fixture.settle()
        #expect(
            try fixture.stats("show", "2").output.contains(
                "Not delivered: #3, which covers it, was unlocked by force (stuck).\n"))
        #expect(try holder.finish().code == 0)
    }

    @Test func `a covered deployment waits no longer than its timeout`() throws {
        let fixture = try Fixture()
        let (holder, covered) = try begin(fixture, ["--timeout", "10s"])
        let between = try fixture.queueHolding("x")
        let covering = try fixture.queue("ddd")
        fixture.letGo("a")
        let result = try covered.finish()
        #expect(result.code == 1)
        #expect(
            result.errors.contains("#2 no longer waits for #4: it did not end in time"),
            "\(result.errors)")
        fixture.letGo("x")
        for child in [holder, between, covering] { #expect(try child.finish().code == 0) }
    }

    @Test func `a covering deployment gone from the queue is looked up in the ledger`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["sh", "-c", "exit 6"]).code == 6)
        try fixture.settle()
        let text = try fixture.query("SELECT id FROM deployment")[0]
        let id = try #require(EventID(text))
        guard case .ran(let conclusion) = CoveredEnd(inLedger: fixture.ledger, id) else {
            Issue.record("\(CoveredEnd(inLedger: fixture.ledger, id))")
            return
        }
        #expect(conclusion.code == 6)
        guard case .unknown = CoveredEnd(inLedger: fixture.ledger, .generate()),
            case .unknown = CoveredEnd(inLedger: fixture.ledger + "none", id)
        else {
            Issue.record("an end of nobody")
            return
        }
    }
}
