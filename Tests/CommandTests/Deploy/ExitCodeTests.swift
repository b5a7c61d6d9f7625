import CommandSupport
import Glibc
import SystemCalls
import TestSupport
import Testing

@testable import DeployCommand

@Suite struct ExitCodeTests {
    @Test(arguments: [0, 1, 2, 64, 66, 126, 127, 255])
    func `the command's own code is passed through`(_ code: Int) throws {
        let fixture = try Fixture()
        let result = try fixture.run(["sh", "-c", "exit \(code)"])
        #expect(result.code == CInt(code))
        #expect(try fixture.query("SELECT exit_code FROM deployment") == ["\(code)"])
        #expect(try fixture.outcomes() == [code == 0 ? "1 succeeded" : "1 failed"])
    }

    @Test func `a command that is not found gives 127`() throws {
        let fixture = try Fixture()
        let result = try fixture.run(["no-such-command-anywhere"])
        #expect(result.code == 127)
        #expect(result.errors.contains("failed, command not found (exit code 127)"))
        #expect(try fixture.query("SELECT reason FROM deployment") == ["command not found"])
    }

    @Test func `a command that cannot be executed gives 126`() throws {
        let fixture = try Fixture()
        fixture.write("script", "exit 0")
        let result = try fixture.run([fixture.directory.file("script")])
        #expect(result.code == 126)
        #expect(result.errors.contains("failed, command not executable (exit code 126)"))
    }

    @Test(arguments: [
        (ENOENT, 127, "command not found"), (ENOTDIR, 127, "command not found"),
        (EACCES, 126, "command not executable"), (ENOEXEC, 126, "command not executable"),
        (E2BIG, 126, "command not executable: Argument list too long"),
        (ETXTBSY, 126, "command not executable: Text file busy"),
        (EAGAIN, 71, "command not started: Resource temporarily unavailable"),
        (ENOMEM, 71, "command not started: Cannot allocate memory"),
        (EMFILE, 71, "command not started: Too many open files"),
    ])
    func `the reason of a failed start is the real one`(
        _ error: CInt, _ code: CInt, _ reason: String
    ) {
        let error = SystemError("posix_spawn", "x", code: error)
        #expect(ExitCodes.startFailure(error.code) == code)
        #expect(ExitCodes.startFailureReason(error) == reason)
    }

    @Test(.enabled(if: geteuid() == 0, "another user needs root to become it"))
    func `a limit of processes is not the command's fault`() throws {
        let fixture = try Fixture()
        let other = try OtherUser(tool: "deploy-with-lock")
        let ledger = fixture.directory.file("other/ledger.db")
        // A user nobody else is; how many threads the tool itself needs is its own business.
        let results = try (1...8).map { limit in
            try ChildProcess.run(
                [
                    "setpriv", "--reuid=61234", "--regid=61234", "--clear-groups",
                    "prlimit", "--nproc=\(limit)", other.tool, "true",
                ], environment: fixture.environment(["DEPLOY_LEDGER": ledger]))
        }
        #expect(!results.contains { $0.code == 126 })
        let starved = try #require(results.last { $0.code == 71 }, "\(results)")
        #expect(starved.errors.contains("command not started: Resource temporarily unavailable"))
    }

    @Test func `words from outside do nothing to the terminal`() throws {
        let fixture = try Fixture()
        let red = "x\u{1b}[31mred\u{7}"
        let shown = #"x\e[31mred\u{7}"#
        mkdir(fixture.directory.file(red), 0o755)
        for arguments in [
            ["--\(red)", "true"], [red],
            ["--lock-file", fixture.directory.file(red), "true"],
            ["--timeout", red, "true"],
        ] {
            let result = try fixture.run(arguments)
            #expect(result.code != 0)
            #expect(result.errors.contains(shown), "\(result.errors)")
            #expect(!result.errors.utf8.contains { $0 < 0x20 && $0 != 0x0a })
        }
    }

    @Test func `a script without an interpreter line runs in the shell`() throws {
        let fixture = try Fixture()
        fixture.write("script", "echo \"$1\"; exit 4\n")
        chmod(fixture.directory.file("script"), 0o755)
        let result = try fixture.run([fixture.directory.file("script"), "a b"])
        #expect(result.code == 4)
        #expect(result.output == "a b\n")
    }

    @Test func `our own 1 is distinguished from the command's`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let refused = try fixture.run(["--no-wait", "true"])
        #expect(refused.code == 1)
        #expect(
            refused.errors.contains("#2 refused, nothing was run: the lock is taken, held by #1"))
        let zero = try fixture.run(["--timeout", "0", "true"])
        #expect(zero.code == 1)
        let chosen = try fixture.run(["--busy-exit-code", "75", "--timeout", "0.1", "true"])
        #expect(chosen.code == 75)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        let own = try fixture.run(["false"])
        #expect(own.code == 1)
        #expect(own.errors.contains("#5 failed with exit code 1"))
        #expect(
            try fixture.outcomes() == [
                "1 succeeded", "2 refused", "3 refused", "4 timed_out", "5 failed",
            ])
    }

    @Test(arguments: [
        (["--bogus", "true"], "unknown option '--bogus'"),
        ([], "no command given"),
        (["--"], "no command given after --"),
        (["--timeout", "abc", "true"], "--timeout requires a duration"),
        (["--timeout", "-5", "true"], "--timeout"),
        (["--timeout=-5", "true"], "--timeout requires a duration"),
        (["--timeout", "", "true"], "--timeout requires a duration"),
        (["--busy-exit-code", "256", "true"], "--busy-exit-code requires a number"),
        ([""], "the command is empty"),
    ])
    func `usage errors give 64 and one line`(_ arguments: [String], _ words: String) throws {
        let fixture = try Fixture()
        let result = try fixture.run(arguments)
        #expect(result.code == 64)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(result.errors.contains("see 'deploy-with-lock --help'"))
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(!fixture.exists("state"))
    }

    @Test func `a lock path that is not a file gives 66`() throws {
        let fixture = try Fixture()
        mkdir(fixture.directory.file("folder"), 0o755)
        symlink("elsewhere", fixture.directory.file("link"))
        mkfifo(fixture.directory.file("fifo"), 0o644)
        // The ledger says that it begins.
        #expect(try fixture.run(["true"]).code == 0)
        let cases = [
            ("folder", "is a directory"), ("link", "is a symbolic link"),
            ("fifo", "is a special file"), ("missing/x.lock", "does not exist"),
        ]
        for (name, words) in cases {
            let result = try fixture.run(["--lock-file", fixture.directory.file(name), "true"])
            #expect(result.code == 66)
            #expect(result.errors.contains(words), "\(result.errors)")
            #expect(result.errors.contains("--lock-file"))
            #expect(result.errors.split(separator: "\n").count == 1)
        }
        #expect(
            try fixture.query("SELECT DISTINCT outcome FROM deployment WHERE n > 1")
                == ["refused"])
    }

    @Test(.enabled(if: geteuid() == 0, "another user needs root to become it"))
    func `a lock directory that cannot be written gives 66`() throws {
        let fixture = try Fixture()
        mkdir(fixture.directory.file("closed"), 0o755)
        let other = try OtherUser(tool: "deploy-with-lock")
        let result = try ChildProcess.run(
            OtherUser.prefix + [
                other.tool, "--lock-file", fixture.directory.file("closed/d.lock"), "true",
            ],
            environment: fixture.environment(["DEPLOY_LEDGER": fixture.directory.file("l/l.db")]))
        #expect(result.code == 66)
        #expect(result.errors.contains("Permission denied"))
        #expect(result.errors.contains("needs write permission in"))
    }

    @Test func `environment and options override the configuration file`() throws {
        let fixture = try Fixture()
        fixture.write(
            "conf", "# ours\nDEPLOY_TIER = 'docker'\nDEPLOY_SOURCE=cron\nDEPLOY_REF=file\n")
        let environment = [
            "DEPLOY_LEDGER_CONFIG": fixture.directory.file("conf"), "DEPLOY_SOURCE": "ssh",
            "DEPLOY_REF": "environment",
        ]
        let result = try fixture.run(["--ref", "option", "true"], environment: environment)
        #expect(result.code == 0, "\(result.errors)")
        #expect(
            try fixture.query("SELECT tier || ' ' || source || ' ' || ref FROM deployment")
                == ["docker ssh option"])
        fixture.write("conf", "nonsense\n")
        let broken = try fixture.run(["true"], environment: environment)
        #expect(broken.code == 64)
        #expect(broken.errors.contains("line 1: expected KEY=value"))
        fixture.write("conf", "DEPLOY_LOCKFILE=/elsewhere\n")
        let misspelt = try fixture.run(["true"], environment: environment)
        #expect(misspelt.code == 64)
        #expect(misspelt.errors.contains("line 1: unknown setting DEPLOY_LOCKFILE"))
        #expect(misspelt.errors.contains("did you mean DEPLOY_LOCK_FILE?"))
    }
}
