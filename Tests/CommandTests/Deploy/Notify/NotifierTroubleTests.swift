import Glibc
import SystemCalls
import TestSupport
import Testing

/// What goes wrong with the command of `--notify` changes no deployment.
@Suite struct NotifierTroubleTests {
    @Test(arguments: [
        ("exit 3", "exited with 3"), ("kill -9 $$", "was ended by signal 9"),
        ("/no/such/program", "exited with 127"),
        ("trap '' TERM; sleep 600", "took longer than 300ms"),
    ])
    func `its failure is one line`(_ line: String, _ words: String) throws {
        let fixture = try Fixture()
        let result = try fixture.run([
            "--notify", line, "--notify-timeout", "0.3s", "sh", "-c", "exit 5",
        ])
        #expect(result.code == 5)
        #expect(
            result.errors.contains("deploy-with-lock: the command of --notify \(words)\n"),
            "\(result.errors)")
        #expect(try fixture.outcomes() == ["1 failed"])
    }

    @Test func `the lock is free while it runs, and it has no descriptor of ours`() throws {
        let fixture = try Fixture()
        let line = """
            ls -l /proc/self/fd > $HERE/open; : > $HERE/telling; \
            while [ ! -e $HERE/go ]; do sleep 0.01; done
            """
        let child = try fixture.start(["--notify", line, "false"])
        try #require(eventually { fixture.exists("telling") }, "\(child.errors)")
        #expect(try fixture.isFree)
        #expect(try fixture.run(["true"]).code == 0)
        #expect(!fixture.read("open").contains(fixture.directory.path + "/deploy.lock"))
        fixture.write("go", "")
        #expect(try child.finish().code == 1)
    }

    @Test func `a command that has just begun does not wait for it`() throws {
        let fixture = try Fixture()
        let line = ": > $HERE/telling; while [ ! -e $HERE/go ]; do sleep 0.01; done"
        let result = try fixture.start([
            "--notify", line, "--notify-on", "acquired", "sh", "-c",
            ": > $HERE/began; while [ ! -e $HERE/telling ]; do sleep 0.01; done; : > $HERE/ended",
        ])
        try #require(eventually { fixture.exists("ended") }, "\(result.errors)")
        try #require(eventually { try fixture.isFree })
        fixture.write("go", "")
        #expect(try result.finish().code == 0)
    }

    @Test func `a daemon that it leaves behind, and what it prints, hold up nothing`() throws {
        let fixture = try Fixture()
        let result = try fixture.run([
            "--notify", "sleep 600 > /dev/null 2>&1 & echo $! > $HERE/pid; echo printed", "false",
        ])
        #expect(result.code == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("printed\n"))
        let daemon = try #require(pid_t(fixture.lines("pid").first ?? ""))
        #expect(kill(daemon, SIGKILL) == 0)
    }

    @Test func `a signal ends it`() throws {
        let fixture = try Fixture()
        let child = try fixture.start([
            "--notify", ": > $HERE/telling; sleep 600", "sh", "-c", "exit 7",
        ])
        try #require(eventually { fixture.exists("telling") }, "\(child.errors)")
        child.kill(SIGTERM)
        let result = try child.finish()
        #expect(result.code == 7)
        #expect(result.errors.contains("was ended because the deployment was told to stop"))
    }

    @Test func `it does not see the secrets of the deployment`() throws {
        let fixture = try Fixture()
        _ = try fixture.run(
            ["--notify", "env > $HERE/seen", "false"],
            environment: [
                "API_TOKEN": "hunter2hunter2", "DATABASE": "postgres://u:hunter2hunter2@h/d",
                "PLAIN": "yes", "NOTIFY_TOKEN": "for-it",
            ])
        let seen = fixture.lines("seen")
        #expect(seen.contains("PLAIN=yes") && seen.contains("NOTIFY_TOKEN=for-it"))
        #expect(!fixture.read("seen").contains("hunter2"), "\(seen)")
    }

    private static let quickCheck = [
        "--health-delay", "0", "--health-retries", "1", "--health-check",
    ]
    private static let ends: [(options: [String], code: CInt)] = [
        (["true"], 0), (["sh", "-c", "exit 3"], 3), (["sh", "-c", "kill -9 $$"], 137),
        (quickCheck + ["true", "true"], 0), (quickCheck + ["false", "true"], 69),
        (quickCheck + ["false", "--rollback", "exit 9", "true"], 69),
        (["--rollback", "true", "sh", "-c", "exit 3"], 3),
        (["--max-duration", "0.2s", "--rollback", "false", "sleep", "600"], 124),
    ]

    @Test(arguments: ends, [true, false])
    func `no exit code depends on it, with a ledger or without`(
        _ end: (options: [String], code: CInt), _ hasLedger: Bool
    ) throws {
        let fixture = try Fixture()
        fixture.write("nothing", "")
        let ledger = hasLedger ? fixture.ledger : fixture.directory.file("nothing/ledger.db")
        for line in ["cat > /dev/null", "exit 77", "sleep 600"] {
            let result = try fixture.run(
                ["--notify", line, "--notify-on", "all", "--notify-timeout", "0.2s"] + end.options,
                environment: ["DEPLOY_LEDGER": ledger])
            #expect(result.code == end.code, "\(line): \(result.errors)")
            #expect(
                result.errors.contains("the command of --notify") == (line != "cat > /dev/null"),
                "\(result.errors)")
        }
    }

    @Test(arguments: ["true", "false"])
    func `without a ledger it is told all the same`(_ command: String) throws {
        let fixture = try Fixture()
        fixture.write("nothing", "")
        let result = try fixture.run(
            ["--notify", "cat >> $HERE/told", "--notify-on", "all", command],
            environment: ["DEPLOY_LEDGER": fixture.directory.file("nothing/ledger.db")])
        #expect(result.code == (command == "true" ? 0 : 1), "\(result.errors)")
        #expect(fixture.lines("told").count == 2, "\(fixture.read("told"))")
    }
}
