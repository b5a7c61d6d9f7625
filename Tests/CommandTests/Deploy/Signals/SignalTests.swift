import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct SignalTests {
    /// Counts each signal it gets; ends when it had `stop`, or a TERM or HUP.
    private static let counter = """
        for s in INT QUIT HUP TERM USR1 USR2; do trap "echo $s >> $HERE/got" $s; done
        : > $HERE/up
        while [ ! -e $HERE/stop ]; do sleep 0.01; done
        sleep 0.05; exit 7
        """

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2])
    func `a signal sent to the wrapper reaches the command once`(_ signal: CInt) throws {
        let fixture = try Fixture()
        let child = try fixture.start(["bash", "-c", Self.counter])
        #expect(eventually { fixture.exists("up") })
        child.kill(signal)
        #expect(eventually { !fixture.lines("got").isEmpty })
        fixture.write("stop", "")
        let result = try child.finish()
        #expect(result.code == 7)
        #expect(fixture.lines("got").count == 1)
        #expect(try fixture.outcomes() == ["1 failed"])
    }

    @Test func `the wrapper leaves only when the command is gone`() throws {
        let fixture = try Fixture()
        let child = try fixture.start([
            "bash", "-c",
            "trap 'sleep 0.3; : > $HERE/cleaned; exit 3' TERM; : > $HERE/up; "
                + "while :; do sleep 0.01; done",
        ])
        #expect(eventually { fixture.exists("up") })
        child.kill(SIGTERM)
        #expect(try child.finish().code == 3)
        #expect(fixture.exists("cleaned"))
    }

    @Test func `a command ended by a signal gives 128 plus its number`() throws {
        let fixture = try Fixture()
        let child = try fixture.start(["sh", "-c", ": > $HERE/up; exec sleep 600"])
        #expect(eventually { fixture.exists("up") })
        child.kill(SIGTERM)
        let result = try child.finish()
        #expect(result.code == 143)
        #expect(result.errors.contains("was ended by signal TERM (exit code 143)"))
        #expect(try fixture.query("SELECT signal FROM deployment") == ["15"])
        #expect(try fixture.outcomes() == ["1 failed"])
    }

    @Test func `a waiter ended by a signal is cancelled and nothing runs`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let waiter = try fixture.start(["sh", "-c", ": > $HERE/ran"])
        #expect(eventually { waiter.errors.contains("waiting for") })
        waiter.kill(SIGINT)
        #expect(try waiter.finish().code == 130)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(!fixture.exists("ran"))
        #expect(try fixture.events(2) == ["requested", "cancelled cancelled"])
        #expect(
            try fixture.query("SELECT reason FROM deployment WHERE number = 2") == ["signal INT"])
    }

    @Test func `the command starts with default signals and an empty mask`() throws {
        let fixture = try Fixture()
        let result = try fixture.run(["grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"])
        #expect(result.output == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n")
    }

    @Test func `under nohup SIGHUP stays ignored`() throws {
        let fixture = try Fixture()
        let tool = BuiltTool.path("deploy-with-lock")
        let result = try ChildProcess.run(
            ["nohup", tool, "grep", "SigIgn", "/proc/self/status"],
            environment: fixture.environment())
        #expect(result.output == "SigIgn:\t0000000000000001\n")
    }

    @Test func `Ctrl-C on a terminal reaches the command once`() throws {
        let fixture = try Fixture()
        let terminal = try PseudoTerminal(
            [BuiltTool.path("deploy-with-lock"), "bash", "-c", Self.counter],
            environment: fixture.environment())
        #expect(eventually { fixture.exists("up") })
        terminal.type("\u{3}")
        #expect(eventually { !fixture.lines("got").isEmpty })
        fixture.write("stop", "")
        #expect(terminal.finish() == 7)
        #expect(fixture.lines("got") == ["INT"])
        #expect(try fixture.outcomes() == ["1 failed"])
    }

    @Test func `Ctrl-C while waiting cancels`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let terminal = try PseudoTerminal(
            [BuiltTool.path("deploy-with-lock"), "true"],
            environment: fixture.environment(["TERM": "xterm"]))
        // A live line is redrawn in place.
        #expect(eventually { terminal.screen.contains("\r#2 waited") })
        terminal.type("\u{3}")
        #expect(terminal.finish() == 130)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `a lost terminal sends the command SIGHUP once and is recorded`() throws {
        let fixture = try Fixture()
        let terminal = try PseudoTerminal(
            [BuiltTool.path("deploy-with-lock"), "bash", "-c", Self.counter],
            environment: fixture.environment())
        #expect(eventually { fixture.exists("up") })
        terminal.hangUp()
        #expect(eventually { !fixture.lines("got").isEmpty })
        fixture.write("stop", "")
        #expect(terminal.finish() == 7)
        #expect(fixture.lines("got") == ["HUP"])
        #expect(try fixture.outcomes() == ["1 failed"])
    }

    @Test func `a command can read the terminal`() throws {
        let fixture = try Fixture()
        let terminal = try PseudoTerminal(
            [
                BuiltTool.path("deploy-with-lock"), "sh", "-c",
                "stty -echo; printf 'password: '; read x; stty echo; echo \"<$x>\"",
            ],
            environment: fixture.environment())
        #expect(eventually { terminal.screen.contains("password: ") })
        terminal.type("secret word\n")
        #expect(eventually { terminal.screen.contains("<secret word>") })
        #expect(terminal.finish() == 0)
    }

    @Test func `a closed output is left to the command and the release is recorded`() throws {
        let fixture = try Fixture()
        var ends: [CInt] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        let child = try fixture.start(["yes"], output: ends[1])
        close(ends[1])
        #expect(try child.finish().code == 128 + SIGPIPE)
        #expect(try fixture.outcomes() == ["1 failed"])
        #expect(try fixture.query("SELECT signal FROM deployment") == ["13"])
    }

    @Test func `a closed standard error changes nothing`() throws {
        let fixture = try Fixture()
        let tool = BuiltTool.path("deploy-with-lock")
        let result = try ChildProcess.run(
            ["bash", "-c", "exec 2> >(exit); sleep 0.1; '\(tool)' sh -c 'sleep 0.1; exit 5'"],
            environment: fixture.environment())
        #expect(result.code == 5)
        #expect(try fixture.outcomes() == ["1 failed"])
    }
}

@Suite struct StandardStreamTests {
    @Test(arguments: [64, 256])
    func `closed streams stay closed for the command and our files stay clean`(_ limit: Int) throws
    {
        let fixture = try Fixture()
        let tool = BuiltTool.path("deploy-with-lock")
        let script =
            "ulimit -n \(limit); exec 0<&- 1>&- 2>&-; "
            + "'\(tool)' sh -c 'ls /proc/$$/fd > $HERE/fds'; echo $? > $HERE/code"
        _ = try ChildProcess.run(["bash", "-c", script], environment: fixture.environment())
        #expect(fixture.lines("code") == ["0"])
        // The shell put its redirection on 1; 0 and 2 are not there, and the lock is above them.
        let open = fixture.lines("fds")
        #expect(!open.contains("0") && !open.contains("2"))
        #expect(open.contains { Int($0) ?? 0 > 2 }, "\(open)")
        #expect(fixture.read("deploy.lock") == "")
        #expect(
            fixture.read("deploy.lock.queue/gate") == "00000000000000000001\n\(Machine.bootID)\n")
        #expect(try fixture.outcomes() == ["1 succeeded"])
    }

    @Test func `a small limit of open files is no problem`() throws {
        let fixture = try Fixture()
        let tool = BuiltTool.path("deploy-with-lock")
        let result = try ChildProcess.run(
            ["bash", "-c", "ulimit -n 64; '\(tool)' true"], environment: fixture.environment())
        #expect(result.code == 0, "\(result.errors)")
    }
}
