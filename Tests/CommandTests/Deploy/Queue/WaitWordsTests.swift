import Glibc
import TestSupport
import Testing

/// What those who wait are told.
@Suite struct WaitWordsTests {
    private static let facts = [
        "--source", "gha", "--sha", "1a2b3c4d5e6f7a8b", "--run-url", "https://ci.example/runs/7",
    ]

    @Test func `the waiting line names the holder, its origin and the time left`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a", options: Self.facts)
        let waiter = try fixture.start(["--timeout", "5m", "echo", "mine", "a b"])
        #expect(eventually { waiter.errors.contains("waiting for") })
        let line = waiter.errors
        #expect(
            line.contains(
                /#2 waiting for the lock, giving up in 4m5\ds, position 1, held by #1 root for/),
            "\(line)")
        let facts = ", from gha, commit 1a2b3c4d, https://ci.example/runs/7): sh -c"
        #expect(line.contains(facts), "\(line)")
        #expect(line.hasSuffix("; \(fixture.lock)\n"), "\(line)")
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        let result = try waiter.finish()
        #expect(result.code == 0 && result.output == "mine a b\n")
        let lines = result.errors.split(separator: "\n")
        #expect(
            lines[1].contains(
                /^deploy-with-lock: #2 acquired after [0-9.]+m?s, running: echo mine 'a b'$/),
            "\(result.errors)")
        // A log gets the whole head.
        #expect(lines[2].contains(/; ledger \d+:[0-9a-f]{64}$/), "\(result.errors)")
    }

    @Test func `without a wait only a verbose run says that it acquired the lock`() throws {
        let fixture = try Fixture()
        #expect(try !fixture.run(["true"]).errors.contains("acquired"))
        let verbose = try fixture.run(["-v", "true"])
        #expect(verbose.errors.contains("#2 acquired without waiting, running: true\n"))
        let holder = try fixture.hold("a")
        let quiet = try fixture.start(["--quiet", "true"])
        #expect(eventually { fixture.tickets.count == 2 })
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(try quiet.finish().errors == "")
    }

    @Test func `secrets of the command stay out of the waiting line`() throws {
        let fixture = try Fixture()
        let result = try fixture.run(["-v", "echo", "--password=hunter2"])
        #expect(result.errors.contains("running: echo '--password=***'\n"), "\(result.errors)")
    }

    @Test func `a deployment that gives up names the holder`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a", options: Self.facts)
        let late = try fixture.run(["--timeout", "0.2s", "true"])
        #expect(late.code == 1)
        #expect(
            late.errors.contains(
                /#2 gave up after [0-9.]+m?s, nothing was run: held by #1 root for/),
            "\(late.errors)")
        #expect(late.errors.contains("wait longer with --timeout"))
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        let stranger = try ChildProcess([
            "flock", fixture.lock, "sh", "-c",
            ": > \(fixture.directory.file("s.up")); sleep 600",
        ])
        #expect(eventually { fixture.exists("s.up") })
        let other = try fixture.run(["--timeout", "0.2s", "true"])
        #expect(other.errors.contains("held by a process that is not a recorded deployment, pid"))
        stranger.kill(SIGKILL)
    }

    @Test func `a stopped waiter that is first in line is named`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let stopped = try fixture.start(["true"])
        #expect(eventually { stopped.errors.contains("waiting for") })
        kill(stopped.pid, SIGSTOP)
        let beside = try fixture.run(["--timeout", "0.2s", "true"])
        let advice = "is stopped; continue it with 'kill -CONT \(stopped.pid)' or end it"
        #expect(
            beside.errors.contains("held by #1 root for "), "\(beside.errors)")
        #expect(
            beside.errors.contains("; #2 (pid \(stopped.pid)), next in line, \(advice)"),
            "\(beside.errors)")
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        let blocked = try fixture.run(["--timeout", "0.2s", "true"])
        #expect(blocked.code == 1)
        let words = "blocked by #2 (pid \(stopped.pid)), which \(advice)"
        #expect(blocked.errors.ranges(of: words).count == 2, "\(blocked.errors)")
        kill(stopped.pid, SIGCONT)
        #expect(try stopped.finish().code == 0)
    }

    @Test func `a live line fits the terminal and a success line is short there`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a", options: Self.facts)
        let terminal = try PseudoTerminal(
            [BuiltTool.path("deploy-with-lock"), "true"],
            environment: fixture.environment(["TERM": "xterm", "COLUMNS": "60"]))
        #expect(eventually { terminal.screen.contains("waited") })
        let live = try #require(
            terminal.screen.split(separator: "\r").first { $0.hasPrefix("#2 waited") })
        let text = live.prefix { $0 != "\u{1b}" }
        #expect(text.count == 59, "\(text)")
        #expect(
            text.contains(/^#2 waited 1(\.\d)?s, giving up in 29m5\ds, position 1, held by/),
            "\(text)")
        fixture.letGo("a")
        #expect(terminal.finish() == 0)
        #expect(terminal.screen.contains(/; ledger \d+:[0-9a-f]{8}…/), "\(terminal.screen)")
        #expect(try holder.finish().code == 0)
    }
}
