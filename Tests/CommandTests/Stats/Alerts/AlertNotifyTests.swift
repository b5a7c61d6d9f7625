import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite("Telling a command of alerts")
struct AlertNotifyTests {
    private func told(_ fixture: Fixture, _ command: String, _ more: [String] = []) throws
        -> ChildProcess.Result
    {
        try fixture.tell(command, more).finish()
    }

    private func succeed(_ fixture: Fixture) throws {
        let result = try told(fixture, "cat >> $HERE/told")
        #expect(result.code == 0, "\(result.errors)")
    }

    @Test func `the command is notified once when an alert begins and once when it ends`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        for _ in 1...3 { try succeed(fixture) }
        #expect(fixture.lines("told").count == 1)
        #expect(fixture.lines("told")[0].contains(#""status":"firing""#))
        #expect(fixture.lines("told")[0].contains(#""alert":"running""#))
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
        for _ in 1...3 { try succeed(fixture) }
        let lines = fixture.lines("told")
        #expect(lines.count == 2)
        #expect(lines[1].contains(#""status":"resolved""#))
        // The same alert, as it was told.
        func alert(_ line: String) -> Substring? { line.split(separator: #""alert":{"#).last }
        #expect(alert(lines[0]) == alert(lines[1]))
        let valid = try ChildProcess.run(
            [
                "python3", "-c", "import json, sys; [json.loads(l) for l in open(sys.argv[1])]",
                fixture.directory.file("told"),
            ])
        #expect(valid.code == 0, "\(valid.errors)")
        #expect(fixture.read("state/ledger.db.alerts") == "{\"active\":[]}\n")
    }

    @Test func `the command is notified again when an alert gets worse, not when it gets better`()
        throws
    {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        try succeed(fixture)
        for _ in 1...2 { #expect(try told(fixture, "cat >> $HERE/told", ["-c", "0"]).code == 0) }
        try succeed(fixture)
        #expect(fixture.lines("told").count == 2)
        #expect(fixture.lines("told")[1].contains(#""severity":"critical""#))
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
    }

    @Test func `a notification whose command fails is tried again next time`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        let failing = try told(fixture, "cat >> $HERE/told; exit 7")
        #expect(failing.code == 1)
        #expect(failing.errors.contains("the command of --notify exited with 7; the next run"))
        #expect(failing.output.contains("WARNING"))
        #expect(try told(fixture, "kill -9 $$").errors.contains("was ended by signal 9"))
        for _ in 1...2 { try succeed(fixture) }
        #expect(fixture.lines("told").count == 2)
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
        #expect(try told(fixture, "false").code == 1)
        try succeed(fixture)
        #expect(fixture.lines("told").count == 3)
    }

    @Test func `how a command ended is known where our parent ignores the end of children`() throws
    {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        let ignoring = """
            import os, signal, sys
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            os.execv(sys.argv[1], sys.argv[1:])
            """
        let arguments = ["alerts", "-w", "running=0", "--notify", "exit 7"]
        let failing = try ChildProcess.run(
            ["python3", "-c", ignoring, BuiltTool.path("deploystats")] + arguments,
            environment: fixture.environment())
        #expect(failing.errors.contains("exited with 7"), "\(failing.errors)")
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
    }

    @Test func `a command that hangs is ended with what it started, and tried again`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        let command = "trap '' TERM; sleep 1000 & echo $! > $HERE/pid; wait; sleep 1000"
        let result = try told(fixture, command, ["--notify-timeout", "0.3s"])
        #expect(result.code == 1)
        #expect(result.errors.contains("took longer than 300ms"))
        let pid = try #require(fixture.lines("pid").first)
        #expect(eventually { !FileSystem.exists("/proc/\(pid)") })
        try succeed(fixture)
        #expect(fixture.lines("told").count == 1)
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
    }

    @Test func `a command need not read its input, and its output does no harm`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        let result = try told(fixture, "echo noise", ["--format", "ndjson"])
        #expect(result.code == 0)
        #expect(!result.output.contains("noise"))
        #expect(result.errors.contains("noise"))
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
    }

    @Test func `two runs at once notify once`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        let command = "cat >> $HERE/told; while [ ! -e $HERE/go ]; do sleep 0.01; done"
        let first = try fixture.tell(command)
        #expect(eventually { !fixture.lines("told").isEmpty })
        let second = try fixture.tell(command)
        fixture.write("go", "")
        for run in [first, second] { #expect(try run.finish().code == 0) }
        #expect(fixture.lines("told").count == 1)
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
    }

    @Test func `a killed run notifies again; a damaged state is reported and started afresh`()
        throws
    {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        let state = ["--state", fixture.directory.file("state.json")]
        let run = try fixture.tell(
            "cat >> $HERE/told; while [ ! -e $HERE/go ]; do sleep 0.01; done",
            state)
        #expect(eventually { !fixture.lines("told").isEmpty })
        run.kill(SIGKILL)
        _ = try run.finish()
        fixture.write("go", "")
        #expect(try told(fixture, "cat >> $HERE/told", state).code == 0)
        #expect(fixture.lines("told").count == 2)
        fixture.write("state.json", "{\"active\":[")
        let damaged = try told(fixture, "cat >> $HERE/told", state)
        #expect(damaged.code == 0)
        #expect(damaged.errors.contains("is not a notification state; all alerts are sent again"))
        #expect(fixture.lines("told").count == 3)
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
    }

    @Test func `alerts about a lock that cannot be inspected are not resolved`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        try succeed(fixture)
        let queue = fixture.lock + ".queue"
        #expect(rename(fixture.lock, fixture.lock + ".away") == 0)
        #expect(mkdir(fixture.lock, 0o755) == 0)
        try succeed(fixture)
        #expect(fixture.lines("told").count == 1)
        #expect(rmdir(fixture.lock) == 0)
        #expect(rename(fixture.lock + ".away", fixture.lock) == 0)
        #expect(FileSystem.exists(queue))
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
    }

    /// Two alerts of a machine on which nothing happens.
    private static let two = ["-w", "running=none", "-w", "queue=@0", "-w", "set_aside=@0"]

    @Test(
        .enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"),
        arguments: ["dd if=/dev/zero of=disk/fill bs=1k 2> dd || true", "mount -o remount,ro disk"]
    )
    func `a full disk prevents no notification`(script: String) throws {
        let fixture = try Fixture()
        try fixture.begin()
        let disk = fixture.directory.file("disk")
        mkdir(disk, 0o755)
        let mounts = try PrivateMounts(
            "cd \(fixture.directory.path); mount -t tmpfs -o size=64k none disk; "
                + ": > disk/state.lock; \(script)")
        for run in 1...2 {
            let result = try mounts.run(
                [BuiltTool.path("deploystats"), "alerts", "--notify", "cat >> $HERE/told"]
                    + ["-w", "spool=none", "--state", disk + "/state"] + Self.two,
                environment: fixture.environment())
            #expect(result.code == 1)
            #expect(
                result.errors.contains(
                    "cannot save the notification state, so notifications repeat: "))
            #expect(result.errors.contains(disk))
            #expect(result.output.contains("WARNING"))
            #expect(fixture.lines("told").count == 2 * run)
        }
    }

    @Test func `a device is not replaced by a file to keep the state`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        let link = fixture.directory.file("state.json")
        #expect(symlink("/dev/null", link) == 0)
        let result = try told(fixture, "cat >> $HERE/told", ["--state", link] + Self.two)
        #expect(result.code == 1)
        #expect(result.errors.contains("it is not a regular file; see --state"))
        #expect(try FileSystem.status(link, followingLinks: false).isSymbolicLink)
        #expect(!fixture.exists("told"))
    }

    @Test func `a state that cannot be saved is reported, and nobody is notified`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        let result = try told(
            fixture, "cat >> $HERE/told", ["--state", fixture.directory.file("gone/state")])
        #expect(result.code == 1)
        #expect(result.errors.contains("cannot save the notification state: "))
        #expect(!fixture.exists("told"))
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
    }
}
