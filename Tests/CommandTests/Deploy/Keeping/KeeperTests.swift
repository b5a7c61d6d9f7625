import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct KeeperTests {
    @Test func `the keeper is the command's parent, idle, and holds lock and ticket alone`() throws
    {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a")
        let keeper = try fixture.keeper(of: wrapper)
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        let files = try FileSystem.entries(of: "/proc/\(keeper)/fd").compactMap {
            FileSystem.resolved("/proc/\(keeper)/fd/\($0)")
        }
        #expect(files.contains(fixture.lock))
        #expect(files.contains("\(fixture.lock).queue/ticket-1"))
        // Neither the ledger's files nor our standard streams.
        #expect(!files.contains { $0.contains("/state/") || $0.hasSuffix("/err") }, "\(files)")
        let words = String(
            decoding: try FileSystem.read("/proc/\(keeper)/cmdline").prefix { $0 != 0 },
            as: UTF8.self)
        #expect(words == "deploy-keeper")
        fixture.letGo("a")
        #expect(try wrapper.finish().code == 0)
        #expect(kill(keeper, 0) == -1)
    }

    @Test func `a killed keeper changes nothing for anybody`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.holdWithoutDescriptor("a")
        kill(try fixture.keeper(of: wrapper), SIGKILL)
        #expect(try !fixture.isFree)
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        fixture.letGo("a")
        #expect(try wrapper.finish().code == 0)
        #expect(try fixture.outcomes() == ["1 succeeded", "2 refused"])
        #expect(try fixture.events(1) == ["requested", "acquired", "released succeeded"])
    }

    @Test(arguments: [
        ("exit 7", "7 - failed"), ("kill -9 $$", "- 9 failed"), (":", "0 - succeeded"),
    ])
    func `the true end of the command is recorded after its wrapper was killed`(
        _ script: String, _ end: String
    ) throws {
        let fixture = try Fixture()
        let wait = ": > $HERE/up; while [ ! -e $HERE/go ]; do sleep 0.01; done; "
        let wrapper = try fixture.start(["sh", "-c", wait + script])
        #expect(eventually { fixture.exists("up") })
        try fixture.killWrapper(wrapper)
        #expect(eventually { (try? fixture.events(1).last) == "wrapper_lost" })
        #expect(try !fixture.isFree)
        fixture.write("go", "")
        #expect(try eventually { try fixture.isFree })
        #expect(
            eventually {
                (try? fixture.query(
                    "SELECT coalesce(exit_code, '-') || ' ' || coalesce(signal, '-') || ' ' || outcome "
                        + "FROM deployment")) == [end]
            })
        #expect(eventually { fixture.tickets == [] })
        #expect(!fixture.exists("deploy.info"))
        // The next one has nothing to conclude.
        let next = try fixture.run(["true"])
        #expect(!next.errors.contains("died without recording an outcome"))
        try fixture.expectOneOutcomeEach()
    }

    @Test func `without a ledger the loss and the end wait in the spool`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let wrapper = try fixture.hold("a")
        #expect(eventually { (try? fixture.outcomes().last) == "2 in flight" })
        let blocker = try ChildProcess([
            "flock", fixture.ledger + ".lock", "sh", "-c",
            ": > \(fixture.directory.file("blocked")); sleep 600",
        ])
        #expect(eventually { fixture.exists("blocked") })
        try fixture.killWrapper(wrapper)
        fixture.letGo("a")
        #expect(
            eventually {
                let names = (try? FileSystem.entries(of: fixture.spool)) ?? []
                return names.contains { $0.contains("wrapper_lost") }
                    && names.contains { $0.contains("released") }
            })
        kill(-blocker.pid, SIGKILL)
        #expect(try fixture.run(["true"]).code == 0)
        #expect(
            try fixture.events(2)
                == ["requested", "acquired", "wrapper_lost", "released succeeded"])
        try fixture.expectOneOutcomeEach()
    }

    @Test(.enabled(if: Strace.isPossible, "needs strace"), arguments: ["signalfd4", "eventfd2"])
    func `a keeper that gets no descriptor at first still reports the end`(_ call: String) throws {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a")
        let keeper = try fixture.keeper(of: wrapper)
        let tracer = try ChildProcess([
            "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
            "inject=\(call):error=EMFILE:when=1..3", "-p", String(keeper),
        ])
        #expect(
            eventually {
                let status = (try? FileSystem.read("/proc/\(keeper)/status")) ?? []
                return String(decoding: status, as: UTF8.self).split(separator: "\n")
                    .contains("TracerPid:\t\(tracer.pid)")
            })
        try fixture.killWrapper(wrapper)
        #expect(eventually { (try? fixture.events(1).last) == "wrapper_lost" })
        fixture.letGo("a")
        #expect(try eventually { try fixture.isFree })
        _ = try tracer.finish()
        #expect(fixture.tickets == [])
        #expect(
            try fixture.events(1) == [
                "requested", "acquired", "wrapper_lost", "released succeeded",
            ])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a wrapper killed between the outcome and the release gives one outcome`() throws {
        let fixture = try Fixture()
        // The moment is hit by trying many.
        for delay in stride(from: 0, to: 12_000, by: 400) {
            let child = try fixture.start(["--quiet", "true"])
            usleep(UInt32(delay))
            child.kill(SIGKILL)
            _ = try child.finish()
        }
        #expect(try eventually { try fixture.isFree })
        #expect(
            try eventually {
                _ = try fixture.run(["true"])
                return fixture.tickets == []
            })
        try fixture.expectOneOutcomeEach()
    }

    @Test func `processor time of the command counts as ours`() throws {
        let fixture = try Fixture()
        let tool = BuiltTool.path("deploy-with-lock")
        let result = try ChildProcess.run(
            [
                "python3", "-c",
                """
                import resource, subprocess
                subprocess.run(["\(tool)", "-q", "python3", "-c", "while __import__('time').process_time() < 0.5: pass"], check=True)
                used = resource.getrusage(resource.RUSAGE_CHILDREN)
                print(used.ru_utime + used.ru_stime > 0.45)
                """,
            ], environment: fixture.environment())
        #expect(result.output == "True\n", "\(result.errors)")
    }
}
