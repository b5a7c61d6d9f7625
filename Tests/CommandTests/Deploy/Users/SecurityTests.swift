import Glibc
import SystemCalls
import TestSupport
import Testing

/// Other users of the machine; `docs/security.md` names these tests.
@Suite(.enabled(if: geteuid() == 0, "becoming another user needs root")) struct SecurityTests {
    /// As `asNobody`, without the rights of ours.
    private static let eve = asNobody

    /// A place where only root deploys.
    private func closed() throws -> Fixture {
        let fixture = try Fixture()
        chmod(fixture.directory.path, 0o755)
        return fixture
    }

    @Test func `a user who may not write the directory opens neither lock nor gate nor ticket`()
        throws
    {
        let fixture = try closed()
        let holder = try fixture.hold("a")
        for file in ["deploy.lock", "deploy.lock.queue/gate", "deploy.lock.queue/ticket-1"] {
            let path = fixture.directory.file(file)
            #expect(
                try ChildProcess.run(Self.eve + ["sh", "-c", "exec 9< \(path)"]).code != 0,
                "\(file)")
        }
        // What people and scripts read is theirs to read.
        #expect(
            try ChildProcess.run(Self.eve + ["cat", fixture.directory.file("deploy.info")]).code
                == 0)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    /// Takes a record lock for reading on the first ticket, at a byte.
    private func recordLock(_ fixture: Fixture, at byte: Int64) throws -> ChildProcess {
        let child = try ChildProcess(
            Self.eve + [
                "python3", "-c",
                """
                import fcntl, struct, time
                f = open("\(fixture.lock).queue/ticket-1")
                fcntl.fcntl(f, 37, struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, \(byte), 1, 0))
                open("\(fixture.directory.file("eve.up"))", "w")
                time.sleep(600)
                """,
            ])
        #expect(eventually { fixture.exists("eve.up") }, "\(child.errors)")
        return child
    }

    @Test(arguments: [0, 1 << 40] as [Int64])
    func `in an open directory a reader's lock on a ticket delays no release`(_ byte: Int64)
        throws
    {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let eve = try recordLock(fixture, at: byte)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(try fixture.isFree)
        kill(-eve.pid, SIGKILL)
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a reader's lock on a ticket delays no forced unlock`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let eve = try recordLock(fixture, at: 1 << 40)
        let result = try fixture.unlock()
        #expect(result.code == 0, "\(result.errors)")
        #expect(try fixture.isFree)
        _ = try holder.finish()
        kill(-eve.pid, SIGKILL)
    }

    @Test func `a forged deploy.info that names a living process blocks nobody`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let victim = try ChildProcess(["sleep", "600"])
        let start = try start(of: victim.pid)
        fixture.write(
            "forged",
            """
            {"acquired_at_us":1,"boot_id":"\(Machine.bootID)","command":"x",\
            "deployment":"01a22020-5efb-7ba6-aa57-9d81b8ddb4ae","hostname":"\(Machine.hostName)",\
            "number":9,"pid":\(victim.pid),"process_start":\(start),"user":"root"}
            """)
        #expect(
            try ChildProcess.run(
                Self.eve + [
                    "cp", fixture.directory.file("forged"), fixture.directory.file("deploy.info"),
                ]
            ).code == 0)
        #expect(try fixture.run(["--no-wait", "true"]).code == 0)
        let unlock = try fixture.unlock()
        #expect(unlock.code == 0, "\(unlock.errors)")
        #expect(victim.isRunning)
        #expect(try fixture.run(["--no-wait", "true"]).code == 0)
    }

    private func start(of pid: pid_t) throws -> Substring {
        let stat = String(decoding: try FileSystem.read("/proc/\(pid)/stat"), as: UTF8.self)
        let fields = try #require(stat.split(separator: ") ").last).split(separator: " ")
        return fields[19]
    }

    @Test func `a forged ticket does not let a wrapper run beside the holder`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let holder = try fixture.hold("a")
        // What sudo does: a process of root's below one of another user, whose ticket calls that
        // one the holder, its keeper and the owner of a live ticket.
        let script = """
            import fcntl, json, os, sys
            tool, lock, boot, host = sys.argv[1:5]
            go, ready = os.pipe()
            child = os.fork()
            if child == 0:
                os.read(go, 1)
                os.execv(tool, [tool, "--no-wait", "sh", "-c", "echo beside"])
            os.setgid(65534); os.setuid(65534)
            stat = open("/proc/self/stat").read()
            start = int(stat[stat.rindex(")") + 2:].split()[19])
            facts = dict(acquired_at_us=1, boot_id=boot, command="x", hostname=host, number=1,
                         deployment="01a22020-5efb-7ba6-aa57-9d81b8ddb4ae", pid=os.getpid(),
                         process_start=start, user="eve")
            run = f"run {os.getpid()} {start} {os.getpid()} {start} 4026531836".ljust(127)
            ticket = open(lock + ".queue/ticket-1", "w+")
            ticket.write(run + "\\nfacts " + json.dumps(facts, separators=(",", ":"), sort_keys=True) + "\\n")
            ticket.flush()
            fcntl.flock(ticket, fcntl.LOCK_EX)
            os.write(ready, b"x")
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """
        let result = try ChildProcess.run(
            [
                "python3", "-c", script, BuiltTool.path("deploy-with-lock"), fixture.lock,
                Machine.bootID, Machine.hostName,
            ], environment: fixture.environment())
        #expect(result.code == 1, "\(result.output)\(result.errors)")
        #expect(!result.output.contains("beside"))
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test(.enabled(if: Strace.isPossible, "needs strace"))
    func `root gives no file of its own away through a link that takes the queue's place`() throws {
        let fixture = try Fixture()
        let place = fixture.directory.file("theirs")
        mkdir(place, 0o755)
        chown(place, 65534, 65534)
        fixture.write("of-root", "secret")
        let victim = fixture.directory.file("of-root")
        let queue = place + "/deploy.lock.queue"
        let eve = try ChildProcess(
            Self.eve + [
                "python3", "-c",
                """
                import os, time
                end = time.time() + 60
                while time.time() < end:
                    try:
                        os.rename("\(queue)", "\(queue).old"); os.symlink("\(victim)", "\(queue)"); break
                    except OSError: pass
                """,
            ])
        _ = try ChildProcess.run(
            [
                "strace", "-f", "-b", "execve", "-qq", "-o", "/dev/null", "-e",
                "trace=chown,lchown,fchown,fchownat,chmod,fchmod", "-e",
                "inject=chown,lchown,fchown,fchownat,chmod,fchmod:delay_enter=100000",
                BuiltTool.path("deploy-with-lock"), "--lock-file", place + "/deploy.lock", "true",
            ], environment: fixture.environment())
        kill(-eve.pid, SIGKILL)
        let status = try FileSystem.status(victim)
        #expect(status.uid == 0 && status.permissions == 0o644)
    }

    @Test func `a command line of any length leaves a ticket that others can read`() throws {
        for length in [100_000, 400_000, 1_500_000] {
            let fixture = try Fixture()
            let words = Array(repeating: String(repeating: "x", count: 1000), count: length / 1000)
            let script = """
                import os, time
                os.closerange(3, 4096)
                here = os.environ["HERE"]
                open(here + "/a.up", "x")
                while not os.path.exists(here + "/a.go"): time.sleep(0.01)
                """
            let wrapper = try fixture.start(["python3", "-c", script] + words)
            #expect(eventually { fixture.exists("a.up") }, "\(wrapper.errors)")
            try fixture.killBoth(wrapper)
            #expect(try fixture.run(["--no-wait", "true"]).code == 1, "\(length)")
            #expect(try fixture.look().output.contains("running orphan, #1"), "\(length)")
            fixture.letGo("a")
            #expect(try eventually { try fixture.run(["--no-wait", "true"]).code == 0 })
            #expect(
                try eventually {
                    _ = try fixture.run(["true"]); return fixture.tickets == []
                })
        }
    }
}
