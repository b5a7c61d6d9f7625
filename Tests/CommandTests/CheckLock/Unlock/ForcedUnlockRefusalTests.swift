import Glibc
import SystemCalls
import TestSupport
import Testing

/// When a forced unlock is not done, or not by this person.
@Suite struct ForcedUnlockRefusalTests {
    private static let tool = BuiltTool.path("check-deploy-lock")

    @Test func `a number other than the holder's is refused`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        let result = try fixture.unlock(["--number", "7"])
        #expect(result.code == 1)
        #expect(result.errors.contains("#7 does not have the lock any more; now it is #1"))
        #expect(holder.isRunning)
        #expect(try fixture.forced("reason") == [])
        let right = try fixture.unlock(["--number", "1"])
        #expect(right.code == 0, "\(right.errors)")
        #expect(try holder.finish().code == 128 + SIGTERM)
    }

    @Test func `a forced unlock without a terminal requires --yes`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let result = try ChildProcess.run(
            [Self.tool, "--force-unlock", "--reason", "x"], environment: fixture.environment())
        #expect(result.code == 1)
        #expect(result.errors.contains("no terminal to ask on"))
        #expect(holder.isRunning)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test(arguments: [
        ["--force-unlock", "--yes"], ["--force-unlock", "--yes", "--reason", " "],
        ["--yes", "--reason", "x"], ["--number", "1"], ["--force-unlock", "--no-watch"],
        ["--force-unlock", "--grace", "soon"],
        ["--force-unlock", "--yes", "--reason", "x", "--no-record"],
        ["--force-unlock", "--yes", "--reason", "x", "--json"],
    ])
    func `usage errors of a forced unlock end with 64`(_ arguments: [String]) throws {
        let fixture = try Fixture()
        let result = try ChildProcess.run(
            [Self.tool] + arguments, environment: fixture.environment())
        #expect(result.code == 64, "\(result.errors)")
    }

    @Test func `the answer yes on a terminal unlocks`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let terminal = try PseudoTerminal(
            [Self.tool, "--force-unlock"], environment: fixture.environment())
        #expect(eventually { terminal.screen.contains("Reason (recorded in the ledger): ") })
        terminal.type("wedged\n")
        #expect(eventually { terminal.screen.contains("Type yes to unlock #1: ") })
        terminal.type("yes\n")
        #expect(terminal.finish() == 0, "\(terminal.screen)")
        #expect(try holder.finish().code == 128 + SIGTERM)
        #expect(try fixture.forced("reason") == ["wedged", "wedged"])
    }

    @Test(arguments: ["no\n", "\n", "y\n", "YES\n", "yes please\n", "\u{4}"])
    func `any other answer changes nothing`(_ answer: String) throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let terminal = try PseudoTerminal(
            [Self.tool, "--force-unlock", "--reason", "x"], environment: fixture.environment())
        #expect(eventually { terminal.screen.contains("Type yes to unlock #1: ") })
        terminal.type(answer)
        #expect(terminal.finish() == 1)
        #expect(terminal.screen.contains("Nothing was changed"))
        let isMeantAsYes = answer.lowercased().hasPrefix("y")
        #expect(terminal.screen.contains("the answer must be the word yes") == isMeantAsYes)
        #expect(holder.isRunning)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(try fixture.forced("reason") == [])
    }

    @Test func `Ctrl-C at the prompt changes nothing`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let terminal = try PseudoTerminal(
            [Self.tool, "--force-unlock", "--reason", "x"], environment: fixture.environment())
        #expect(eventually { terminal.screen.contains("Type yes to unlock #1: ") })
        terminal.type("\u{3}")
        #expect(terminal.finish() == 128 + SIGINT)
        #expect(holder.isRunning)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(try fixture.forced("reason") == [])
    }

    @Test func `a new holder since the question is not touched`() throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a")
        let terminal = try PseudoTerminal(
            [Self.tool, "--force-unlock", "--reason", "x"], environment: fixture.environment())
        #expect(eventually { terminal.screen.contains("Type yes to unlock #1: ") })
        fixture.letGo("a")
        #expect(try first.finish().code == 0)
        let second = try fixture.hold("b")
        terminal.type("yes\n")
        #expect(terminal.finish() == 1)
        #expect(terminal.screen.contains("the lock has changed hands meanwhile"))
        #expect(second.isRunning)
        fixture.letGo("b")
        #expect(try second.finish().code == 0)
    }

    @Test func `of two forced unlocks one acts and the other is told`() throws {
        let fixture = try Fixture()
        let script = "trap '' TERM; : > $HERE/up; while :; do sleep 0.05; done"
        let holder = try fixture.start(["sh", "-c", script])
        #expect(eventually { fixture.exists("up") })
        let first = try fixture.unlocking(["--grace", "2s"])
        #expect(eventually { first.errors.contains("TERM to pid") })
        let second = try fixture.unlock()
        #expect(second.code == 1)
        #expect(
            second.errors.contains("root (pid \(first.pid)) is unlocking it by force right now"),
            "\(second.errors)")
        #expect(try first.finish().code == 0)
        #expect(try holder.finish().code == 128 + SIGKILL)
        #expect(try fixture.forced("result") == ["-", "killed"])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `an unknown holder is not a free lock`() throws {
        let fixture = try Fixture()
        let missing = try fixture.unlock(["--lock-file", fixture.directory.file("no/d.lock")])
        #expect(missing.code == 66)
        #expect(missing.errors.contains("does not exist"), "\(missing.errors)")
        mkdir(fixture.directory.file("dir.lock"), 0o755)
        #expect(try fixture.unlock(["--lock-file", fixture.directory.file("dir.lock")]).code == 66)
    }

    @Test(arguments: ["PID: 1\n", "{}", "User: x\n", "PID: -1\n", "PID: 1\nHostname: elsewhere\n"])
    func `facts that may be true are not cleared`(_ facts: String) throws {
        let fixture = try Fixture()
        fixture.write("deploy.info", facts)
        let result = try fixture.unlock()
        #expect(result.code == 0)
        #expect(result.output == "\(fixture.lock) is free; there is nothing to unlock\n")
        #expect(fixture.read("deploy.info") == facts)
    }

    @Test func `a command does not end itself`() throws {
        let fixture = try Fixture()
        let result = try fixture.run([
            "sh", "-c", "\(Self.tool) --force-unlock --yes --reason x; echo $?",
        ])
        #expect(result.output == "1\n")
        #expect(result.errors.contains("this command runs inside the deployment it would end"))
        #expect(try fixture.outcomes() == ["1 succeeded"])
    }
}

/// One user's deployment and another user's wish.
@Suite(.enabled(if: geteuid() == 0, "becoming another user needs root"))
struct ForcedUnlockPermissionTests {
    private static let nobody = OtherUser.prefix

    @Test(arguments: [[], ["--abandon"]])
    func `another user's deployment is left alone`(_ options: [String]) throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let ledger = fixture.directory.file("nobody/ledger.db")
        let result = try fixture.unlock(
            options, as: Self.nobody, environment: ["DEPLOY_LEDGER": ledger])
        #expect(result.code == 1)
        #expect(result.errors.contains("run it as that user or as root"), "\(result.errors)")
        #expect(result.errors.contains("Nothing was changed"))
        #expect(holder.isRunning)
        let attempts = try ChildProcess.run([
            "sqlite3", ledger,
            """
            SELECT record ->> '$.result', record ->> '$.actor', record ->> '$.reason', number,
                outcome FROM event WHERE kind = 'forced_unlock'
            """,
        ])
        #expect(attempts.output == "not_permitted|\(OtherUser.name)|stuck|1|\n")
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(try fixture.outcomes() == ["1 succeeded"])
    }

    @Test func `a directory that is closed to the user is not a free lock`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        chmod(fixture.directory.path, 0o700)
        let result = try fixture.unlock(as: Self.nobody)
        chmod(fixture.directory.path, 0o777)
        #expect(result.code == 66, "\(result.output)")
        #expect(result.errors.contains("Permission denied"))
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `a wrapper that /proc hides is not called dead`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let hide =
            "mount -t proc -o hidepid=2 proc /proc && exec \(Self.nobody.joined(separator: " ")) "
            + "'\(BuiltTool.path("check-deploy-lock"))' --force-unlock --yes --reason x"
        let result = try ChildProcess.run(
            ["unshare", "-m", "sh", "-c", hide],
            environment: fixture.environment([
                "DEPLOY_LEDGER": fixture.directory.file("nobody/ledger.db")
            ]))
        #expect(result.code == 1)
        #expect(
            result.errors.contains("wrapper    pid \(holder.pid), cannot be seen from here"),
            "\(result.errors)")
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `processes started since the question count`() throws {
        let fixture = try Fixture()
        // A program that makes root of nobody, as sudo does.
        let promote = fixture.directory.file("promote")
        let copied = try ChildProcess.run(["install", "-m", "4755", "/usr/bin/setpriv", promote])
        #expect(copied.code == 0, "\(copied.errors)")
        let more = ["DEPLOY_LEDGER": fixture.directory.file("nobody/ledger.db")]
        let script = """
            : > $HERE/a.up; while [ ! -e $HERE/a.more ]; do sleep 0.01; done
            $HERE/promote --reuid=0 sh -c ': > $HERE/a.root; while [ ! -e $HERE/a.go ]; do sleep 0.01; done'
            """
        let holder = try ChildProcess(
            Self.nobody + [BuiltTool.path("deploy-with-lock"), "sh", "-c", script],
            environment: fixture.environment(more))
        #expect(eventually { fixture.exists("a.up") }, "\(holder.errors)")
        let terminal = try PseudoTerminal(
            Self.nobody + [BuiltTool.path("check-deploy-lock"), "--force-unlock", "--reason", "x"],
            environment: fixture.environment(more))
        #expect(eventually { terminal.screen.contains("Type yes to unlock #1: ") })
        fixture.write("a.more", "")
        #expect(eventually { fixture.exists("a.root") }, "\(holder.errors)")
        terminal.type("yes\n")
        #expect(terminal.finish() == 1)
        #expect(terminal.screen.contains("these processes belong to another user"))
        #expect(holder.isRunning)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `another user's facts are cleared, too`() throws {
        let fixture = try Fixture()
        let ledger = fixture.directory.file("nobody/ledger.db")
        // His own look records the death and removes the ticket; the facts stay.
        for script in [
            "true",
            "while [ ! -s $HERE/deploy.info ]; do sleep 0.01; done; "
                // First the keeper, which makes the command the wrapper's.
                + "kill -9 $PPID; sleep 0.1; "
                + "exec kill -9 $(sed -n 's/^PPid:[^0-9]*//p' /proc/$$/status)",
        ] {
            _ = try ChildProcess.run(
                Self.nobody + [BuiltTool.path("deploy-with-lock"), "--quiet", "sh", "-c", script],
                environment: fixture.environment(["DEPLOY_LEDGER": ledger]))
        }
        #expect(try eventually { try fixture.isFree })
        #expect(
            eventually {
                _ = try? fixture.look(as: asNobody, environment: ["DEPLOY_LEDGER": ledger])
                return fixture.tickets == []
            })
        #expect(fixture.exists("deploy.info"))
        #expect(try fixture.unlock().code == 0)
        #expect(!fixture.exists("deploy.info"))
        #expect(try fixture.look().output == "\(fixture.lock) is free\n")
    }

    @Test func `a forged environment ends nobody else's deployment`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let script = """
            exec 8<>$HERE/deploy.lock; flock 8; : > $HERE/up
            while [ ! -s $HERE/id ]; do sleep 0.01; done
            DEPLOY_ID=$(cat $HERE/id) DEPLOY_NUMBER=99 exec sleep 600
            """
        let forger = try ChildProcess(
            Self.nobody + ["sh", "-c", script], environment: fixture.environment())
        #expect(eventually { fixture.exists("up") }, "\(forger.errors)")
        // It gives itself the name of root's deployment, which waits.
        let waiter = try fixture.start(["true"])
        #expect(eventually { waiter.errors.contains("waiting for") })
        #expect(eventually { (try? fixture.outcomes()) == ["1 succeeded", "2 in flight"] })
        fixture.write("id", try fixture.query("SELECT id FROM deployment WHERE number = 2")[0])
        let name = "/proc/\(forger.pid)/comm"
        #expect(
            eventually {
                (try? FileSystem.read(name)).map { $0 == Array("sleep\n".utf8) } == true
            })
        #expect(try fixture.unlock().code == 0)
        #expect(try waiter.finish().code == 0)
        #expect(try fixture.outcomes() == ["1 succeeded", "2 succeeded"])
        #expect(try fixture.forced("deployment") == ["-", "-"])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a forged ticket ends nobody else's process`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let bystander = try ChildProcess(["sleep", "600"])
        let stat = try FileSystem.read("/proc/\(bystander.pid)/stat")
        // Field 22, proc(5).
        let start = String(decoding: stat, as: UTF8.self).split(separator: " ")[21]
        // It has the lock and a ticket, and the ticket names root's process as its command.
        let script = """
            exec 8<>$HERE/deploy.lock 9>>$HERE/deploy.lock.queue/ticket-7
            flock 8; flock 9
            printf 'facts {"acquired_at_us":1,"boot_id":"%s","command_pid":%d,"command_start":%d,' \
                $(cat /proc/sys/kernel/random/boot_id) \(bystander.pid) \(start) >&9
            printf '"number":7,"pid":%d,"process_start":1}\n' $$ >&9
            : > $HERE/up; sleep 600; :
            """
        let forger = try ChildProcess(
            Self.nobody + ["sh", "-c", script], environment: fixture.environment())
        #expect(eventually { fixture.exists("up") }, "\(forger.errors)")
        let result = try fixture.unlock()
        #expect(result.code == 0, "\(result.errors)")
        #expect(bystander.isRunning)
        #expect(try fixture.isFree)
        #expect(eventually { !forger.isRunning })
    }
}
