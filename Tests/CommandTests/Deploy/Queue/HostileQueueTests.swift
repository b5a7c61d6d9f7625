import DeployLock
import Glibc
import Processes
import SystemCalls
import TestSupport
import Testing

/// What anybody may put into the directory of a lock that all may write, and what must not come of
/// it.
@Suite struct HostileQueueTests {
    private let fixture: Fixture
    private var queue: String { fixture.lock + ".queue" }

    init() throws {
        fixture = try Fixture()
        // Counter and directories as after a while of use.
        #expect(try fixture.run(["true"]).code == 0)
    }

    private func facts(
        of process: ProcessIdentity, command: ProcessIdentity? = nil, number: Int64 = 7
    ) -> String {
        var facts = DeploymentFacts()
        facts.pid = process.pid
        facts.processStart = process.startTime
        facts.bootID = process.boot
        facts.acquiredAtUs = 1
        facts.number = number
        facts.deployment = "01900000-0000-7000-8000-000000000007"
        facts.commandPid = command?.pid
        facts.commandStart = command?.startTime
        return "facts " + String(decoding: facts.json(), as: UTF8.self) + "\n"
    }

    private func expectAnOrdinaryDeployment() throws {
        let result = try fixture.run(["--timeout", "60", "echo", "ran"])
        #expect(result.output == "ran\n")
        #expect(result.code == 0)
        #expect(result.errors.contains("succeeded"))
    }

    @Test func `a ticket that names an ancestor of all is no proof`() throws {
        let first = try #require(ProcessIdentity(running: 1))
        fixture.write("deploy.lock.queue/ticket-0", facts(of: first))
        fixture.write("deploy.lock.queue/ticket-1", facts(of: first))
        let holder = try fixture.hold("a")
        let refused = try fixture.run(["--no-wait", "true"])
        #expect(refused.code == 1)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(
            try fixture.query("SELECT count(*) FROM event WHERE kind = 'nested'") == ["0"])
    }

    @Test(.enabled(if: geteuid() == 0, "changing the user needs root"))
    func `another user's claim about our ancestor is no proof`() throws {
        let holder = try fixture.hold("a")
        // This test process is an ancestor of the deployment below.
        fixture.write("deploy.lock.queue/ticket-1", facts(of: .current))
        chown(queue + "/ticket-1", OtherUser.uid, OtherUser.uid)
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `a process that shares the lock with others is not nested`() throws {
        let inner = "deploy-with-lock --no-wait true; echo $?"
            .replacing("deploy-with-lock", with: BuiltTool.path("deploy-with-lock"))
        let result = try ChildProcess.run(
            ["flock", "-s", fixture.lock, "sh", "-c", inner],
            environment: fixture.environment(["DEPLOY_ID": "z"]))
        #expect(result.output == "1\n")
    }

    @Test func `something other than a ticket is not waited for`() throws {
        #expect(mkfifo(queue + "/ticket-0", 0o666) == 0)
        #expect(mkfifo(queue + "/ticket-1", 0o666) == 0)
        #expect(symlink("/dev/zero", queue + "/ticket-2") == 0)
        #expect(mkdir(queue + "/ticket-3", 0o777) == 0)
        fixture.write("deploy.lock.queue/ticket-99999999999999999999", "")
        fixture.write("deploy.lock.queue/ticket--5", "")
        try expectAnOrdinaryDeployment()
    }

    @Test func `a pipe in the place of the published facts delays nobody`() throws {
        #expect(mkfifo(fixture.directory.file("deploy.info"), 0o666) == 0)
        try expectAnOrdinaryDeployment()
        #expect(try fixture.isFree)
    }

    @Test func `a counter out of range is a lost one`() throws {
        fixture.write("deploy.lock.queue/gate", "09223372036854775807\n")
        try expectAnOrdinaryDeployment()
        let numbers = try fixture.query("SELECT number FROM deployment ORDER BY n")
        #expect(try #require(numbers.compactMap { Int64($0) }.last) > 1_700_000_000)
    }

    @Test func `a gate that is a link is reported plainly`() throws {
        unlink(queue + "/gate")
        #expect(symlink("/nonexistent", queue + "/gate") == 0)
        let result = try fixture.run(["true"])
        #expect(result.code == 66)
        #expect(result.errors.contains("gate is a symbolic link"), "\(result.errors)")
    }

    @Test func `a gate that stays held is not waited for beyond the timeout`() throws {
        let keeper = try ChildProcess(["flock", queue + "/gate", "sleep", "600"])
        #expect(eventually { KernelLocks.locker(of: queue + "/gate") != nil })
        let late = try fixture.run(["--timeout", "1", "echo", "ran"])
        #expect(late.code == 1)
        #expect(late.output == "")
        #expect(late.errors.contains("gave up before it had a number"), "\(late.errors)")
        let called = try fixture.start(["echo", "ran"])
        #expect(eventually { !FileSystem.exists("/proc/\(called.pid)/nothing") })
        usleep(100_000)
        called.kill(SIGTERM)
        let end = try called.finish()
        #expect(end.code == 143)
        #expect(end.output == "")
        keeper.kill(SIGKILL)
        #expect(
            try fixture.query("SELECT outcome FROM deployment ORDER BY n")
                == ["succeeded", "timed_out", "cancelled"])
    }

    @Test(.enabled(if: geteuid() == 0, "changing the user needs root"))
    func `events of a user who may not write the ledger are not taken`() throws {
        let line =
            #"{"at_us":1,"deployment":"01900000-0000-7000-8000-000000000007","#
            + #""host":"h","id":"01900000-0000-7000-8000-000000000009","kind":"released","#
            + #""mono_us":1,"number":7,"outcome":"succeeded","v":1}"#
        let dead = ProcessIdentity(boot: Machine.bootID, pid: getpid(), startTime: 1)
        fixture.write("deploy.lock.queue/ticket-0", facts(of: dead) + "event \(line)\n")
        fixture.write("deploy.lock.queue/ticket-1", facts(of: dead) + "event \(line)\n")
        chown(queue + "/ticket-1", OtherUser.uid, OtherUser.uid)
        try expectAnOrdinaryDeployment()
        #expect(try fixture.query("SELECT count(*) FROM event WHERE number = 7") == ["0"])
        // Our own are.
        chown(queue + "/ticket-1", 0, 0)
        try expectAnOrdinaryDeployment()
        #expect(try fixture.query("SELECT count(*) FROM event WHERE number = 7") == ["1"])
    }

    @Test func `a deployment left in the background inside holds the lock`() throws {
        let tool = BuiltTool.path("deploy-with-lock")
        let inner = "\(tool) sh -c ': > $HERE/up; while [ ! -e $HERE/go ]; do sleep 0.01; done'"
        let outer = try fixture.start([
            "sh", "-c", "\(inner) & while [ ! -e $HERE/up ]; do :; done",
        ])
        #expect(eventually { outer.errors.contains("left behind inside") })
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        fixture.write("go", "")
        #expect(try outer.finish().code == 0)
        #expect(try fixture.run(["--no-wait", "true"]).code == 0)
    }

    @Test func `a holder is still waited for when lock and queue are removed`() throws {
        let holder = try fixture.hold("a")
        #expect(eventually { fixture.exists("deploy.info") })
        unlink(fixture.lock)
        _ = try ChildProcess.run(["rm", "-rf", queue])
        let refused = try fixture.run(["--no-wait", "true"])
        #expect(refused.code == 1)
        let waiter = try fixture.start(["echo", "ran"])
        #expect(eventually { waiter.errors.contains("waiting for") })
        #expect(waiter.output == "")
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(try waiter.finish().output == "ran\n")
    }

    @Test func `a holder that the ledger does not have yet keeps its number`() throws {
        let sleeper = try ChildProcess(["sleep", "600"])
        let process = try #require(ProcessIdentity(running: sleeper.pid))
        unlink(fixture.lock)
        _ = try ChildProcess.run(["rm", "-rf", queue])
        // The ledger has one deployment, so this is the next number.
        fixture.write("deploy.info", String(facts(of: process, number: 2).dropFirst(6)))
        let refused = try fixture.run(["--no-wait", "true"])
        #expect(refused.code == 1)
        #expect(refused.errors.contains("#3 refused"))
        sleeper.kill(SIGKILL)
        _ = try sleeper.finish()
        #expect(try fixture.run(["--no-wait", "true"]).code == 0)
    }

    @Test func `the ledger knows a holder when all files are removed`() throws {
        let holder = try fixture.hold("a")
        #expect(
            eventually {
                (try? fixture.query("SELECT count(*) FROM deployment WHERE acquired_at_us > 0"))
                    == ["2"]
            })
        unlink(fixture.lock)
        unlink(fixture.directory.file("deploy.info"))
        _ = try ChildProcess.run(["rm", "-rf", queue])
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `numbers never repeat when only the queue was removed`() throws {
        let other = ["DEPLOY_LEDGER": fixture.directory.file("other/ledger.db")]
        _ = try ChildProcess.run(["rm", "-rf", queue])
        let result = try fixture.run(["sh", "-c", "echo $DEPLOY_NUMBER"], environment: other)
        #expect((Int64(result.output.dropLast()) ?? 0) > 1_700_000_000)
    }

    /// Runs `script` as nobody, who cannot see other users' processes.
    private func amongHiddenProcesses(_ script: String) throws -> ChildProcess.Result {
        let hide =
            "mount -t proc -o hidepid=2 proc /proc && exec "
            + "\(OtherUser.prefix.joined(separator: " ")) sh -c '\(script)'"
        let other = try OtherUser(tool: "deploy-with-lock")
        var environment = fixture.environment(["TOOL": other.tool])
        environment["DEPLOY_LEDGER"] = fixture.directory.file("nobody.db")
        return try ChildProcess.run(["unshare", "-m", "sh", "-c", hide], environment: environment)
    }

    @Test(.enabled(if: geteuid() == 0, "hiding processes needs root"))
    func `a command that /proc hides may run`() throws {
        let visible = try amongHiddenProcesses("[ -e /proc/1 ] || echo hidden")
        // Not where mounting is not permitted.
        guard visible.output == "hidden\n" else { return }
        let script = """
            import os, time
            os.closerange(3, 4096)
            open(os.environ["HERE"] + "/a.up", "x")
            while not os.path.exists(os.environ["HERE"] + "/a.go"): time.sleep(0.01)
            os.remove(os.environ["HERE"] + "/a.up")
            """
        let wrapper = try fixture.start(["python3", "-c", script])
        // Published once the wrapper has noted whom it started.
        #expect(eventually { fixture.exists("a.up") && fixture.exists("deploy.info") })
        wrapper.kill(SIGKILL)
        _ = try wrapper.finish()
        #expect(try amongHiddenProcesses("$TOOL --no-wait true").code == 1)
        fixture.letGo("a")
        #expect(eventually { !fixture.exists("a.up") })
    }

    @Test(.enabled(if: geteuid() == 0, "changing the user needs root"))
    func `the owner of a closed directory copes with the tickets of root`() throws {
        let home = try Fixture()
        chmod(home.directory.path, 0o700)
        chown(home.directory.path, OtherUser.uid, OtherUser.uid)
        let holder = try home.hold("a")
        let ticket = try #require(home.tickets.first)
        let status = try FileSystem.status(home.lock + ".queue/" + ticket)
        #expect(status.uid == OtherUser.uid)
        home.letGo("a")
        #expect(try holder.finish().code == 0)
    }
}
