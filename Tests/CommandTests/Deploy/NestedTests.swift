import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct NestedTests {
    private let tool = BuiltTool.path("deploy-with-lock")

    @Test func `a nested call runs and is recorded instead of waiting for itself`() throws {
        let fixture = try Fixture()
        let result = try fixture.run([
            tool, "--timeout", "60", "sh", "-c", "echo $DEPLOY_NUMBER; exit 6",
        ])
        #expect(result.code == 6)
        #expect(result.output == "1\n")
        // Two processes write at the same time, so only what they write is certain.
        #expect(
            try fixture.events(1).sorted()
                == ["acquired", "nested", "nested", "released failed", "requested"])
        #expect(
            try fixture.query(
                "SELECT held_us >= 0 AND exit_code = 6 FROM event WHERE kind = 'nested'")
                == ["", "1"])
    }

    @Test func `a nested call is recognised without environment and descriptor`() throws {
        let fixture = try Fixture()
        let script = """
            import os, subprocess, sys
            env = {k: v for k, v in os.environ.items() if k not in ("DEPLOY_ID", "DEPLOY_NUMBER")}
            sys.exit(subprocess.run(["\(tool)", "sh", "-c", "echo $DEPLOY_NUMBER"], env=env).returncode)
            """
        let result = try fixture.run(["python3", "-c", script])
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output == "1\n")
        #expect(try fixture.query("SELECT count(*) FROM event WHERE kind = 'nested'") == ["2"])
    }

    /// By a descriptor that is inherited, and by the ancestors alone.
    @Test(
        .enabled(if: Strace.isPossible, "needs strace"),
        arguments: ["fcntl:error=ENOLCK", "fcntl:error=ENOMEM"], [true, false])
    func `a call that cannot be marked as nested says so instead of waiting for itself`(
        _ fault: String, _ isInherited: Bool
    ) throws {
        let fixture = try Fixture()
        let script = """
            import os, subprocess, sys
            env = {k: v for k, v in os.environ.items()
                if \(isInherited ? "True" : "False") or k not in ("DEPLOY_ID", "DEPLOY_NUMBER")}
            sys.exit(subprocess.run(
                ["strace", "-f", "-qq", "-b", "execve", "-o", "/dev/null",
                    "-P", "\(fixture.lock).queue/ticket-1", "-e", "trace=fcntl",
                    "-e", "inject=\(fault)", "\(tool)", "--timeout", "60", "echo", "ran"],
                env=env, close_fds=\(isInherited ? "False" : "True")).returncode)
            """
        let result = try fixture.run(["python3", "-c", script])
        #expect(result.code == 66, "\(result.errors)")
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("the deployment cannot start: fcntl"), "\(result.errors)")
        #expect(try fixture.outcomes() == ["1 failed"])
    }

    @Test func `a nested command's end is distinguished from the deployment's`() throws {
        let fixture = try Fixture()
        let script =
            "'\(tool)' sh -c 'exit 9'; '\(tool)' sh -c 'kill -9 $$'; '\(tool)' none; exit 0"
        #expect(try fixture.run(["sh", "-c", script]).code == 0)
        #expect(try fixture.outcomes() == ["1 succeeded"])
        let story = try ChildProcess.run(
            [BuiltTool.path("deploystats"), "show", "1"], environment: fixture.environment()
        ).output
        for words in [
            "A command started inside, under the same lock: sh -c 'exit 9'.",
            "ended with exit code 9 after", "was ended by signal KILL after",
            "ended with exit code 127 after 0", "(command not found)",
        ] {
            #expect(story.contains(words), "\(words) in \(story)")
        }
    }

    @Test func `a nested call that is killed leaves its beginning and its keeper`() throws {
        let fixture = try Fixture()
        let count = "SELECT count(*) FROM event WHERE kind = 'nested'"
        fixture.write(
            "inner",
            """
            until [ "$(sqlite3 -readonly "$DEPLOY_LEDGER" "\(count)")" = 1 ]; do sleep 0.01; done
            kill -9 $(sed -n 's/^PPid:[^0-9]*//p' /proc/$PPID/status)
            exit 3
            """)
        #expect(try fixture.run(["sh", "-c", "'\(tool)' sh $HERE/inner; exit 0"]).code == 0)
        // Its keeper tells how it went on, and the outer one is no orphan for that.
        #expect(
            try fixture.query(
                "SELECT exit_code || ' ' || (record ->> '$.reason') FROM event "
                    + "WHERE kind = 'nested' AND exit_code IS NOT NULL")
                == ["3 its wrapper was lost"])
        #expect(try fixture.query(count) == ["2"])
        #expect(
            try fixture.query("SELECT count(*) FROM event WHERE kind = 'wrapper_lost'") == ["0"])
        #expect(try fixture.outcomes() == ["1 succeeded"])
    }

    @Test func `a nested call killed before its beginning is recorded has one`() throws {
        let fixture = try Fixture()
        let script = """
            flock "$DEPLOY_LEDGER.lock" sh -c ': > $HERE/blocked; while [ ! -e $HERE/over ]; do sleep 0.01; done' &
            while [ ! -e $HERE/blocked ]; do sleep 0.01; done
            '\(tool)' sh $HERE/inner
            : > $HERE/over
            wait
            """
        #expect(try fixture.run(["true"]).code == 0)
        // Nothing is recorded before its wrapper is gone.
        fixture.write(
            "inner",
            """
            kill -9 $(sed -n 's/^PPid:[^0-9]*//p' /proc/$PPID/status)
            : > $HERE/over
            exit 3
            """)
        #expect(
            try fixture.run(["sh", "-c", script]).code
                == 0)
        try fixture.settle()
        #expect(
            try fixture.query(
                """
                SELECT coalesce(exit_code, '-') || ' ' || coalesce(detail ->> '$.command[1]', '-')
                FROM event LEFT JOIN event_detail USING (seq)
                WHERE kind = 'nested' ORDER BY event.seq
                """) == ["- \(fixture.directory.file("inner"))", "3 -"])
    }

    @Test func `a call under another lock is an ordinary deployment`() throws {
        let fixture = try Fixture()
        let other = fixture.directory.file("other.lock")
        let result = try fixture.run([tool, "--lock-file", other, "true"])
        #expect(result.code == 0)
        #expect(try fixture.query("SELECT count(*) FROM deployment") == ["2"])
    }

    @Test func `a daemon of a finished deployment is not nested`() throws {
        let fixture = try Fixture()
        let script = """
            (while [ ! -e $HERE/now ]; do sleep 0.01; done
             \(tool) true 2> $HERE/late; : > $HERE/done) > /dev/null 2>&1 &
            """
        #expect(try fixture.run(["sh", "-c", script]).code == 0)
        fixture.write("now", "")
        #expect(eventually { fixture.exists("done") })
        #expect(try fixture.outcomes() == ["1 succeeded", "2 succeeded"])
    }

    @Test func `the command learns its number, id and lock`() throws {
        let fixture = try Fixture()
        let result = try fixture.run([
            "sh", "-c", "echo $DEPLOY_NUMBER $DEPLOY_LOCK_FILE $DEPLOY_ID",
        ])
        let id = try fixture.query("SELECT id FROM deployment")[0]
        #expect(result.output == "1 \(fixture.lock) \(id)\n")
    }

    @Test func `arguments pass byte for byte`() throws {
        let fixture = try Fixture()
        let script = #"exec "$0" -- printf '%s|' "$(printf 'a\377b')" '' 'x y' -- --quiet"#
        let result = try ChildProcess.run(
            ["bash", "-c", script + " | od -An -c", tool], environment: fixture.environment())
        #expect(result.output.contains("377"))
        let plain = try fixture.run(["printf", "%s|", "", "x y", "--", "--quiet"])
        #expect(plain.output == "|x y|--|--quiet|")
    }

    @Test func `the holder's facts are published and taken back`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a", options: ["--tier", "docker", "--source", "ssh"])
        let path = fixture.directory.file("deploy.info")
        #expect(eventually { FileSystem.exists(path) })
        let info = fixture.read("deploy.info")
        for words in [
            "\"pid\":\(holder.pid)", "\"number\":1", "\"tier\":\"docker\"",
            "\"source\":\"ssh\"", "\"command\":\"sh -c", "\"command_pid\":", "\"hostname\":",
        ] {
            #expect(info.contains(words), "\(words) in \(info)")
        }
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(!FileSystem.exists(path))
    }
}
