import DeployLock
import Glibc
import Ledger
import Reporting
import Status
import SystemCalls
import TestSupport
import Testing

/// `deploystats status`, for people and as the document that tells everything.
@Suite struct StatusCommandTests {
    /// The status as a document that its schema describes.
    private func json(_ fixture: Fixture, _ arguments: [String] = []) throws -> String {
        let output = try fixture.stats(["status", "--format", "json"] + arguments).output
        if JSONSchemaCheck.isPossible {
            fixture.write("status.json", output)
            try JSONSchemaCheck.validate([fixture.directory.file("status.json")], "status")
        }
        return output
    }

    @Test func `before the first deployment`() throws {
        let fixture = try Fixture()
        let result = try fixture.stats("status")
        #expect(result.code == 0)
        #expect(
            result.output == """
                \(fixture.lock) is free
                Nobody is waiting.

                UNKNOWN  there is no ledger at \(fixture.ledger); the first deployment creates it, \
                or name another one with --ledger

                Ledger:  there is no ledger at \(fixture.ledger); the first deployment creates it, \
                or name another one with --ledger
                Spool:   nothing is waiting

                """)
        #expect(try json(fixture).contains(#""state": "free""#))
    }

    @Test func `who runs, what is usual, who waits, what was last`() throws {
        let fixture = try Fixture()
        let usual = ["--quiet", "--tier", "docker"]
        for _ in 1...20 { #expect(try fixture.run(usual + ["true"]).code == 0) }
        let check = ["--health-check", "true", "--health-delay", "0"]
        #expect(try fixture.run(usual + check + ["--sha", "a1b2c3d4e5f6", "true"]).code == 0)
        let holder = try fixture.hold("a", options: ["--tier", "docker", "--sha", "fedcba9876"])
        let waiter = try fixture.wait("b")
        try fixture.settle()
        let text = try fixture.stats("status", "--tz", "UTC").output
        for part in [
            /deploy\.lock is held by #22 root for .* \(since .*, commit fedcba98\): sh -c/,
            /\nUsual:   \d+ms, up to \d+ms \(p95\), of 21 successes of tier docker; [\d.]+ % of/,
            /\nLast:    #21 succeeded at 20.* UTC after \d+ms \(root, docker, commit a1b2c3d4e5\)\n/,
            /\nHealth:  healthy at 20.* UTC after #21\n/, /\n1 waiting:\nPOS  NO\.  STATE/,
            /\n  1   23  waiting +/, /\nOK  no alerts\n/, /\nHead:    \d+:[0-9a-f]{64}\n/,
            /\nChain:   schema and the newest \d+ events verified\n/,
        ] {
            #expect(text.contains(part), "\(text)")
        }
        let document = try json(fixture)
        #expect(document.contains(#""n": 21"#))
        #expect(!document.contains(#""progress": null"#))
        #expect(document.contains(#""verdict": "healthy""#))
        fixture.letGo("a")
        for child in [holder, waiter] { #expect(try child.finish().code == 0) }
    }

    @Test func `what needs attention`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["--quiet", "sh", "-c", "exit 3"]).code == 3)
        try fixture.settle()
        try fixture.freeze(reason: "release weekend")
        let text = try fixture.stats("status").output
        #expect(text.contains(/\nDeployments are frozen until .*: release weekend\n/), "\(text)")
        #expect(text.contains(/\nWARNING  the last deployment under .* failed: #1 of root/))
        let strict = try fixture.stats(
            "status", environment: ["DEPLOY_ALERT_CRITICAL": "last_failed=0"])
        #expect(strict.output.contains("\nCRITICAL  the last deployment under "))
        #expect(try json(fixture).contains(#""frozen": true"#))
    }

    @Test func `orphans, strangers and every lock in use`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a")
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        try fixture.killBoth(wrapper)
        let other = fixture.directory.file("other.lock")
        let elsewhere = try fixture.hold("o", options: ["--lock-file", other])
        #expect(eventually { (try? fixture.outcomes().count) == 2 })
        let running = try fixture.stats("status").output
        #expect(running.contains("\(fixture.lock) is held by #1 root "))
        #expect(running.contains("its wrapper died"))
        #expect(running.contains("\n\(other) is held by #1 root "))
        #expect(running.contains("\nCRITICAL  #1 of root lost its wrapper"))
        #expect(try json(fixture).contains(#""state": "running_orphan""#))
        let named = try fixture.stats("status", "--lock-file", other).output
        #expect(named.hasPrefix("\(other) is held"))
        #expect(!named.contains("\(fixture.lock) is"))
        fixture.letGo("o")
        #expect(try elsewhere.finish().code == 0)
        fixture.letGo("a")
        #expect(try eventually { try fixture.isFree })
        #expect(
            try eventually {
                try fixture.stats("status").output.contains(
                    "\(fixture.lock) is free; a deployment died with it and nothing of it runs any "
                        + "more: #1 root")
            })
        #expect(try json(fixture).contains(#""state": "dead_orphan""#))
        #expect(try fixture.run(["true"]).code == 0)
        let stranger = try ChildProcess(["flock", fixture.lock, "sleep", "600"])
        #expect(try eventually { try !fixture.isFree })
        let taken = try fixture.stats("status").output
        #expect(taken.contains("is held by a process that is not a recorded deployment"))
        #expect(try json(fixture).contains(#""state": "stranger""#))
        kill(-stranger.pid, SIGKILL)
    }

    @Test func `a lock that cannot be read is told beside the others`() throws {
        let fixture = try Fixture()
        let missing = fixture.directory.file("missing/x.lock")
        let locks = ["--lock-file", fixture.lock, "--lock-file", missing]
        let result = try fixture.stats(["status"] + locks)
        #expect(result.code == 1)
        #expect(result.output.hasPrefix("\(fixture.lock) is free\n"))
        #expect(result.output.contains("\n\(missing): cannot determine who holds it: "))
        #expect(try json(fixture, locks).contains(#""state": "unknown""#))
    }

    @Test func `a damaged ledger hides no lock`() throws {
        let fixture = try Fixture()
        try fixture.breakLedger()
        let holder = try fixture.hold("a")
        let result = try fixture.stats("status")
        #expect(result.code == 0)
        #expect(result.output.hasPrefix("\(fixture.lock) is held by #"))
        #expect(result.output.contains("\nUNKNOWN  the ledger \(fixture.ledger) cannot be used"))
        #expect(try json(fixture).contains(#""head": null"#))
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `settings that cannot be understood are usage errors`() throws {
        let fixture = try Fixture()
        for (setting, value) in [
            ("DEPLOY_ALERT_WARNING", "nonsense=1"), ("DEPLOY_ALERT_CRITICAL", "running=x"),
            ("DEPLOY_ALERT_WINDOW", "soon"), ("DEPLOY_TARGET_LOCK_WAIT_TIME", "soon"),
        ] {
            let result = try fixture.stats("status", environment: [setting: value])
            #expect(result.code == 64, "\(setting): \(result.output)\(result.errors)")
        }
    }

    @Test func `the usual duration is asked again for a kind of deployment that is new`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["--quiet", "--tier", "rare", "true"]).code == 0)
        try fixture.settle()
        let source = StatusSource(
            LedgerSettings(path: fixture.ledger), locks: [LockPaths(lockFile: fixture.lock)])
        let before = source.read(for: source.look())
        let holder = try fixture.hold("a", options: ["--tier", "rare"])
        let look = source.look()
        #expect(!before.covers(look.locks))
        #expect(Situation(source, look, before).locks[0].usual == nil)
        let after = source.read(for: look)
        #expect(after.covers(look.locks))
        #expect(Situation(source, look, after).locks[0].usual?.n == 1)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `what costs much is kept for a while, and then follows`() throws {
        let fixture = try Fixture()
        let source = StatusSource(
            LedgerSettings(path: fixture.ledger, spoolRoots: [fixture.spool]),
            locks: [LockPaths(lockFile: fixture.lock)])
        var ledger = source.read(for: source.look())
        #expect(ledger.isMissing)
        for code in 0...3 {
            #expect(try fixture.run(["--quiet", "sh", "-c", "exit \(code)"]).code == Int32(code))
            try fixture.settle()
            let look = source.look()
            ledger = source.read(for: look, reusing: ledger)
            // What is cheap is always the newest.
            #expect(ledger.last[fixture.lock]?.number == Int64(code + 1))
            #expect(
                eventually {
                    if ledger.covers(look.locks) { return ledger.recordedHead == ledger.head }
                    ledger = source.read(for: look, reusing: ledger)
                    return false
                })
            let failed = Situation(source, look, ledger).alerts.alerts.map(\.number)
            #expect(failed == (code == 0 ? [] : [Int64(code + 1)]))
        }
    }
}
