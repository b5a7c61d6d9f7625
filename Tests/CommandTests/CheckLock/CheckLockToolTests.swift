import FoundationEssentials
import Glibc
import SystemCalls
import TestSupport
import Testing

/// Codes, JSON, watching, rights, and that looking never disturbs.
@Suite struct CheckLockToolTests {
    private struct Document: Decodable {
        struct Holder: Decodable {
            let number: Int?
            let deployment: String?
            let pid: Int
            let user: String
            let host: String
            let command: String
            let tier: String?
            let since: String
            let runningSeconds: Double?
            let alive: Bool
            let stopped: Bool
            let commandPid: Int?
            let commandAlive: Bool?
        }
        struct Process: Decodable {
            let pid: Int
            let user: String
            let since: String
            let command: String
        }
        struct Waiter: Decodable {
            let position: Int
            let number: Int
            let user: String
            let waitingSeconds: Double
            let command: String
        }
        struct Usual: Decodable { let n: Int }
        struct Recorded: Decodable {
            let number: Int
            let deployment: String
            let outcome: String
        }
        let version: Int
        let state: String
        let reason: String?
        let lockFile: String
        let infoFile: String
        let host: String
        let at: String
        let holder: Holder?
        let processes: [Process]?
        let processesComplete: Bool?
        let waiting: [Waiter]?
        let overdue: Bool?
        let warnAfterSeconds: Double?
        let usual: Usual?
        let recorded: [Recorded]?
    }

    private func document(_ fixture: Fixture, _ arguments: [String] = []) throws -> Document {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let result = try fixture.look(["--json"] + arguments)
        return try decoder.decode(Document.self, from: Data(result.output.utf8))
    }

    @Test func `the JSON document is the same in every state`() throws {
        let fixture = try Fixture()
        let free = try document(fixture)
        #expect(free.version == 1 && free.state == "free" && free.holder == nil)
        #expect(free.lockFile == fixture.lock && free.host == Machine.hostName)
        #expect(free.processes?.isEmpty == true && free.waiting?.isEmpty == true)

        let holder = try fixture.hold("a", options: ["--tier", "docker"])
        let waiter = try fixture.wait("b")
        let held = try document(fixture, ["--warn-after", "0.001"])
        #expect(held.state == "held" && held.overdue == true)
        #expect(held.holder?.runningSeconds ?? 0 > 0.001)
        #expect(held.holder?.number == 1 && held.holder?.pid == Int(holder.pid))
        #expect(held.holder?.alive == true && held.holder?.tier == "docker")
        #expect(held.holder?.commandAlive == true)
        #expect(try #require(held.processes).count >= 2)
        #expect(held.waiting?.map(\.position) == [1] && held.waiting?.map(\.number) == [2])
        waiter.kill(SIGTERM)
        #expect(try waiter.finish().code == 128 + SIGTERM)

        try fixture.killBoth(holder)
        let running = try document(fixture)
        #expect(running.state == "running_orphan" && running.holder?.alive == false)
        fixture.letGo("a")
        #expect(eventually { (try? fixture.isFree) == true })
        let dead = try document(fixture)
        #expect(dead.state == "dead_orphan")
        #expect(dead.recorded?.map(\.outcome) == ["orphaned"])

        let unknown = try document(fixture, ["--lock-file", "/nonexistent/d.lock"])
        #expect(unknown.state == "unknown" && unknown.reason?.contains("does not exist") == true)
    }

    @Test func `an unknown state has an exit code of its own`() throws {
        let fixture = try Fixture()
        let missing = try fixture.look(["--lock-file", fixture.directory.file("no/d.lock")])
        #expect(missing.code == 3)
        #expect(missing.errors.contains("cannot determine who holds the lock"))
        mkdir(fixture.directory.file("dir.lock"), 0o755)
        #expect(try fixture.look(["--lock-file", fixture.directory.file("dir.lock")]).code == 3)
        #expect(symlink("/dev/null", fixture.directory.file("link.lock")) == 0)
        #expect(try fixture.look(["--lock-file", fixture.directory.file("link.lock")]).code == 3)
    }

    @Test(arguments: [
        ["--warn-after", "soon"], ["--watch", "--interval", "x"], ["nonsense"], ["--nonsense"],
        ["--watch", "--interval", "0"], ["--watch", "--interval", "0.09"], ["--interval", "2s"],
    ])
    func `usage errors of check-deploy-lock have code 64`(_ arguments: [String]) throws {
        let fixture = try Fixture()
        let result = try fixture.look(arguments)
        #expect(result.code == 64, "\(result.errors)")
        #expect(result.errors.hasPrefix("check-deploy-lock: "))
    }

    @Test func `help lists every option and exit code`() throws {
        let fixture = try Fixture()
        let help = try fixture.look(["--help"])
        #expect(help.code == 0)
        for part in ["--exit-code", "--watch", "--json", "--no-record", "audit", "EXIT CODES"] {
            #expect(help.output.contains(part), "\(part)")
        }
    }

    @Test func `--watch redraws a terminal until Ctrl-C`() throws {
        let fixture = try Fixture()
        let terminal = try PseudoTerminal(
            [BuiltTool.path("check-deploy-lock"), "--watch", "--interval", "0.1"],
            environment: fixture.environment(["TERM": "xterm"]))
        #expect(eventually { terminal.screen.contains("\u{1b}[H\u{1b}[J\(fixture.lock) is free") })
        let holder = try fixture.hold("a")
        #expect(eventually { terminal.screen.contains("is held by #1") })
        terminal.type("\u{3}")
        #expect(terminal.finish() == 0)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `--watch repeats blocks where there is no terminal`() throws {
        let fixture = try Fixture()
        for (arguments, block) in [
            ([], "\(fixture.lock) is free\n\n"), (["--json"], "{\"version\":1,"),
        ] {
            let watcher = try ChildProcess(
                [BuiltTool.path("check-deploy-lock"), "--watch", "--interval", "0.1"] + arguments,
                environment: fixture.environment())
            #expect(eventually { watcher.output.components(separatedBy: block).count > 3 })
            #expect(!watcher.output.contains("\u{1b}"))
            watcher.kill(SIGINT)
            #expect(try watcher.finish().code == 0)
        }
    }

    @Test func `--watch changes nothing`() throws {
        let fixture = try Fixture()
        try fixture.leaveDeadOrphan()
        let watcher = try ChildProcess(
            [BuiltTool.path("check-deploy-lock"), "--watch", "--exit-code", "--interval", "0.1"],
            environment: fixture.environment())
        #expect(eventually { watcher.output.contains("dead orphan") })
        watcher.kill(SIGTERM)
        #expect(try watcher.finish().code == 2)
        #expect(try fixture.outcomes() == ["1 in flight"])
    }

    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func `another user sees what the kernel permits`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let waiter = try fixture.wait("b")
        let held = try fixture.look(["--exit-code"], as: asNobody)
        #expect(held.code == 1, "\(held.errors)")
        #expect(held.output.contains("is held by #1\n") && held.output.contains("1    #2 "))
        #expect(held.output.contains("some processes belong to others"))
        waiter.kill(SIGTERM)
        _ = try waiter.finish()
        try fixture.killBoth(holder)
        let orphan = try fixture.look(["--exit-code"], as: asNobody)
        #expect(orphan.code == 2 && orphan.output.contains("a running orphan, #1"))
        fixture.letGo("a")
        #expect(eventually { (try? fixture.isFree) == true })
        // The ledger is not theirs, so nothing is recorded.
        let dead = try fixture.look(["--exit-code"], as: asNobody)
        #expect(dead.code == 2 && dead.output.contains("a dead orphan, #1"), "\(dead.output)")
        #expect(try fixture.outcomes() == ["1 in flight", "2 cancelled"])

        let stranger = try ChildProcess([
            "flock", fixture.lock, "sh", "-c",
            ": > \(fixture.directory.file("theirs.up")); sleep 600",
        ])
        #expect(eventually { fixture.exists("theirs.up") })
        let strange = try fixture.look(["--exit-code"], as: asNobody)
        #expect(strange.code == 1 && strange.output.contains("is held by a stranger"))
        #expect(strange.output.contains("pid \(stranger.pid) (root) flock"))

        chmod(fixture.directory.path, 0o700)
        let shut = try fixture.look(["--exit-code"], as: asNobody)
        chmod(fixture.directory.path, 0o777)
        #expect(shut.code == 3 && shut.errors.contains("Permission denied"), "\(shut.errors)")
    }

    /// The long version is `scripts/campaign-looks`.
    @Test func `looking at the lock makes no deployment fail`() throws {
        let fixture = try Fixture()
        let loop = "while [ ! -e $HERE/stop ]; do \(BuiltTool.path("check-deploy-lock")) --json"
        let lookers = try (0..<3).map { _ in
            try ChildProcess(
                ["sh", "-c", "\(loop) || echo failed; done"], environment: fixture.environment())
        }
        for _ in 0..<40 {
            let result = try fixture.run(["--no-wait", "--quiet", "true"])
            #expect(result.code == 0, "\(result.errors)")
        }
        fixture.write("stop", "")
        for looker in lookers {
            let result = try looker.finish()
            #expect(!result.output.contains("failed"))
            #expect(!result.output.contains("orphan\"") && !result.output.contains("stranger"))
            #expect(result.errors == "")
        }
        #expect(
            try fixture.query("SELECT count(*) FROM deployment WHERE outcome = 'succeeded'") == [
                "40"
            ])
    }
}
