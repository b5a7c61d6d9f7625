import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct KeptOutputTests {
    @Test func `both streams are kept in one file, shown, and recorded`() throws {
        let fixture = try Fixture()
        let result = try fixture.keep("echo out; echo err >&2; echo again")
        #expect(result.code == 0)
        #expect(result.output == "out\nerr\nagain\n")
        #expect(try fixture.log(1) == "out\nerr\nagain\n")
        #expect(try fixture.released(1, "log_bytes") == "14")
        #expect(try fixture.released(1, "log_sha256") == fixture.sha256("out\nerr\nagain\n"))
        let file = try #require(try fixture.released(1, "log_file"))
        #expect(file.hasPrefix("\(fixture.logs)/1-") && file.hasSuffix(".log"))
        #expect(result.errors.contains("; output in \(file);"))
    }

    @Test func `a hundred megabytes are shown and hashed whole`() throws {
        let fixture = try Fixture()
        let script = "yes 0123456789 | head -c 100000000"
        let tool = BuiltTool.path("deploy-with-lock")
        let result = try ChildProcess.run(
            ["sh", "-c", "\(tool) --log-dir \(fixture.logs) sh -c '\(script)' | sha256sum"],
            environment: fixture.environment())
        let expected = try ChildProcess.run(["sh", "-c", "\(script) | sha256sum"]).output
        #expect(result.output == expected, "\(result.errors)")
        #expect(try fixture.released(1, "log_bytes") == "100000000")
        // Absent where the machine was too busy to hash it in time.
        let hash = try fixture.released(1, "log_sha256") ?? ""
        #expect(hash.isEmpty || hash == String(expected.prefix(64)))
    }

    @Test func `a reader who has gone ends the echo, not the deployment`() throws {
        let fixture = try Fixture()
        var pipe = try Pipe()
        let end = pipe.writing?.rawValue
        let writing = try #require(end)
        let script = "echo one; while [ ! -e $HERE/go ]; do sleep 0.01; done; seq 100000; echo end"
        let child = try fixture.startKeeping(script, output: writing)
        pipe.writing = nil
        var seen: [UInt8] = []
        #expect(
            eventually {
                seen += pipe.readAvailable()
                return seen == Array("one\n".utf8)
            })
        pipe.reading = nil
        fixture.write("go", "")
        #expect(try child.finish().code == 0)
        #expect(try fixture.log(1)?.hasSuffix("\n100000\nend\n") == true)
        #expect(try fixture.outcomes() == ["1 succeeded"])
    }

    @Test func `a reader who takes nothing holds up neither the command nor the lock`() throws {
        let fixture = try Fixture()
        var pipe = try Pipe()
        let end = pipe.writing?.rawValue
        let writing = try #require(end)
        let child = try fixture.startKeeping(
            "seq 1000000; : > $HERE/printed", output: writing)
        pipe.writing = nil
        #expect(eventually { fixture.exists("printed") })
        #expect(try fixture.run(["true"]).code == 0)
        let result = try child.finish()
        #expect(result.code == 0)
        #expect(result.errors.contains("not all of the output could be shown"))
        #expect(try fixture.released(1, "log_bytes") == "6888896")
    }

    @Test func `a program left behind with standard output holds up nobody`() throws {
        let fixture = try Fixture()
        let script =
            "while [ ! -e $HERE/go ]; do sleep 0.01; done & echo $! > $HERE/pid; echo started"
        let result = try fixture.keep(script)
        #expect(result.code == 0)
        #expect(result.output == "started\n")
        let pid = try #require(pid_t(fixture.lines("pid").first ?? ""))
        #expect(kill(pid, 0) == 0)
        // It may still write, so its file stays as it is.
        #expect(try fixture.keep("echo second").code == 0)
        #expect(
            eventually { fixture.logNames.contains { $0.hasPrefix("2-") && $0.hasSuffix(".gz") } })
        #expect(fixture.logNames.contains { $0.hasPrefix("1-") && $0.hasSuffix(".log") })
        fixture.write("go", "")
        #expect(eventually { kill(pid, 0) == -1 })
        #expect(try fixture.keep("echo third").code == 0)
        #expect(fixture.isCompressed)
        #expect(try fixture.log(1) == "started\n")
    }

    @Test func `the end of what a failed command printed comes again on standard error`() throws {
        let fixture = try Fixture()
        let result = try fixture.keep("seq 1 30; printf 'red \\033[31mend\\033[0m\\n'; exit 3")
        #expect(result.code == 3)
        #expect(result.output.hasSuffix("30\nred \u{1b}[31mend\u{1b}[0m\n"))
        let last = (12...30).map { "  \($0)\n" }.joined() + "  red end\n"
        #expect(result.errors.contains("):\n\(last)deploy-with-lock: #1 failed with exit code 3"))
        let good = try fixture.keep("echo fine")
        #expect(!good.errors.contains("fine"))
    }

    @Test func `what a rollback prints is kept, too, and not taken for the command's end`() throws {
        let fixture = try Fixture()
        let result = try fixture.keep(
            "printf 'a\\ttab\\n'; exit 3", options: ["--rollback", "seq 100; echo back"])
        #expect(result.code == 3)
        #expect(result.output.hasPrefix("a\ttab\n1\n2\n"))
        #expect(result.output.hasSuffix("100\nback\n"))
        #expect(try fixture.log(1) == result.output)
        #expect(try fixture.released(1, "log_sha256") == fixture.sha256(result.output))
        #expect(result.errors.contains("):\n  a\ttab\ndeploy-with-lock: #1 failed"))
    }

    @Test(arguments: [(nil, "<1,1>"), ("1", "<,>")] as [(String?, String)])
    func `a person at a terminal still gets colours`(noColor: String?, told: String) throws {
        let fixture = try Fixture()
        let script =
            "echo \"<$FORCE_COLOR,$CLICOLOR_FORCE>\"; if [ -t 1 ]; then echo yes; else echo no; fi"
        let tool = [BuiltTool.path("deploy-with-lock"), "--log-dir", fixture.logs]
        let environment = fixture.environment(
            ["NO_COLOR": noColor, "FORCE_COLOR": String?.none, "CLICOLOR_FORCE": String?.none])
        let terminal = try PseudoTerminal(
            tool + ["sh", "-c", script], environment: environment)
        #expect(terminal.finish() == 0)
        #expect(terminal.screen.contains("\(told)\r\nno\r\n"), "\(terminal.screen)")
        let piped = try ChildProcess.run(tool + ["sh", "-c", script], environment: environment)
        #expect(piped.output == "<,>\nno\n")
    }

    @Test func `standard input stays as it is`() throws {
        let fixture = try Fixture()
        fixture.write("input", "from outside\n")
        let result = try ChildProcess.run(
            [BuiltTool.path("deploy-with-lock"), "--log-dir", fixture.logs, "cat"],
            environment: fixture.environment(), input: fixture.directory.file("input"))
        #expect(result.output == "from outside\n")
        #expect(try fixture.log(1) == "from outside\n")
    }

    @Test func `a deployment inside another one prints to where that prints`() throws {
        let fixture = try Fixture()
        let tool = BuiltTool.path("deploy-with-lock")
        let result = try fixture.keep(
            "echo before; \(tool) echo inside; echo after",
            environment: ["DEPLOY_LOG_DIR": fixture.logs])
        #expect(result.code == 0)
        #expect(fixture.logNames.count == 1)
        #expect(try fixture.log(1)?.contains("before\ninside\n") == true)
        #expect(try fixture.log(1)?.hasSuffix("after\n") == true)
    }

    @Test func `a command that cannot be started leaves no file`() throws {
        let fixture = try Fixture()
        let result = try fixture.run(["--log-dir", fixture.logs, "/nonexistent/program"])
        #expect(result.code == 127)
        #expect(fixture.logNames.isEmpty)
        #expect(try fixture.released(1, "log_file") == "")
    }

    @Test func `what a program leaves that opens its output itself is what is kept`() throws {
        let fixture = try Fixture()
        let script =
            "echo first; while [ ! -e $HERE/go ]; do sleep 0.01; done; "
            + "echo second, which is longer than the first > /dev/stderr; echo third"
        let child = try fixture.startKeeping(script)
        #expect(eventually { child.output == "first\n" })
        fixture.write("go", "")
        let result = try child.finish()
        let kept = "second, which is longer than the first\nthird\n"
        #expect(result.output == "first\n" + kept)
        #expect(result.errors.contains("a program opened /dev/stdout or /dev/stderr itself"))
        #expect(try fixture.log(1) == kept)
        #expect(try fixture.released(1, "log_sha256") == fixture.sha256(kept))
    }

    @Test func `silence ends a command, output does not`() throws {
        let fixture = try Fixture()
        let speaks = "for i in 1 2 3 4 5 6; do sleep 0.5; echo $i; done"
        let spoken = try fixture.keep(speaks, options: ["--max-silence", "2"])
        #expect(spoken.code == 0)
        let silent = try fixture.keep(
            "echo begin; sleep 600", options: ["--max-silence", "1", "--grace", "1"])
        #expect(silent.code == 124)
        #expect(silent.errors.contains("#2 exceeded --max-silence 1s"))
    }

    @Test(arguments: [
        (["--log-reserve", "much"], "--log-reserve requires a size"),
        (["--log-max-size", "-1"], "--log-max-size"),
        (["--log-max-age", "soon"], "--log-max-age requires a duration"),
    ])
    func `sizes and ages that are none are usage errors`(options: [String], words: String) throws {
        let fixture = try Fixture()
        let result = try fixture.run(["--log-dir", fixture.logs] + options + ["true"])
        #expect(result.code == 64)
        #expect(result.errors.contains(words))
        #expect(fixture.logNames.isEmpty)
    }

    @Test func `silence requires kept output`() throws {
        let fixture = try Fixture()
        let result = try fixture.run(["--max-silence", "5m", "true"])
        #expect(result.code == 64)
        #expect(result.errors.contains("--max-silence requires --log-dir"))
    }
}
