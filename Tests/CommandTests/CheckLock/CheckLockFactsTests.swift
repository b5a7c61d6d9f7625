import DeployLock
import Glibc
import Processes
import SystemCalls
import TestSupport
import Testing

/// Facts beside a free lock that were written by hand, by old scripts, or to do harm.
@Suite struct CheckLockFactsTests {
    /// A pid nobody has: that of a process that has just been waited for.
    private func deadPid() throws -> pid_t {
        let child = try ChildProcess(["true"])
        _ = try child.finish()
        return child.pid
    }

    private func info(_ process: ProcessIdentity) -> String {
        """
        {"pid":\(process.pid),"process_start":\(process.startTime),"boot_id":"\(process.boot)",\
        "user":"alice","command":"./deploy.sh","number":7,"acquired_at_us":1700000000000000}
        """
    }

    @Test(arguments: [true, false])
    func `a dead pid in the text form is a dead orphan`(_ lockExists: Bool) throws {
        let fixture = try Fixture()
        if lockExists { fixture.write("deploy.lock", "") }
        fixture.write(
            "deploy.info",
            """
            PID: \(try deadPid())
            User: alice
            Started: 2026-11-02 10:00:00
            Timestamp: 1793613600
            Command: ./deploy.sh web
            Hostname: \(Machine.hostName)

            """)
        let result = try fixture.look()
        #expect(result.output.contains("is free; it was left by a dead orphan, pid "))
        #expect(result.output.contains("  user          alice\n"))
        #expect(result.output.contains("  command       ./deploy.sh web\n"))
        #expect(try fixture.code() == 2)
    }

    @Test func `a pid that another process has now is a dead orphan`() throws {
        let fixture = try Fixture()
        let other = try ChildProcess(["sleep", "600"])
        let process = try #require(ProcessIdentity(running: other.pid))
        fixture.write("deploy.info", "PID: \(other.pid)\nTimestamp: 1700000000\n")
        #expect(try fixture.code() == 2)
        fixture.write(
            "deploy.info",
            info(
                ProcessIdentity(
                    boot: process.boot, pid: process.pid, startTime: process.startTime - 1)))
        #expect(try fixture.code() == 2)
        // A reboot in between.
        fixture.write(
            "deploy.info",
            info(
                ProcessIdentity(
                    boot: "another boot", pid: process.pid, startTime: process.startTime)))
        #expect(try fixture.code() == 2)
        #expect(try fixture.look().output.contains("left by a dead orphan, #7"))
    }

    @Test func `a living process without the lock does not hold it`() throws {
        let fixture = try Fixture()
        let other = try ChildProcess(["sleep", "600"])
        #expect(eventually { ProcessIdentity(running: other.pid) != nil })
        let now = Clock.wallMicroseconds() / 1_000_000
        fixture.write("deploy.info", "PID: \(other.pid)\nUser: alice\nTimestamp: \(now)\n")
        let result = try fixture.look()
        #expect(result.output.hasPrefix("\(fixture.lock) is free\n"), "\(result.output)")
        #expect(result.output.contains("names pid \(other.pid), which does not have the lock"))
        #expect(try fixture.code() == 0)
        // What happens on another machine cannot be judged from here.
        fixture.write("deploy.info", "PID: \(try deadPid())\nHostname: elsewhere.example\n")
        #expect(try fixture.look().output.contains("on elsewhere.example, which does not have"))
    }

    @Test func `a deployment whose lock and queue were removed still holds the lock`() throws {
        let fixture = try Fixture()
        let other = try ChildProcess(["sleep", "600"])
        let process = try #require(ProcessIdentity(running: other.pid))
        fixture.write("deploy.info", info(process))
        #expect(try fixture.look().output.hasPrefix("\(fixture.lock) is held by #7\n"))
        #expect(try fixture.code() == 1)
        // And so the next one sees it.
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
    }

    @Test(arguments: [
        "", "\n\n", "garbage", "\u{0}\u{1}\u{2}", "{", "{}", "[]", "{\"pid\":\"x\"}",
        "PID: 99999999999999999999", "PID: -1", "PID: 0",
        "{\"a\":" + String(repeating: "[", count: 60000),
        "PID: 1\nTimestamp: 9223372036854775807\nHostname: h",
        "Timestamp: -9223372036854775808",
    ])
    func `garbage in the info file is no reason to fail`(_ text: String) throws {
        let fixture = try Fixture()
        fixture.write("deploy.info", text)
        let result = try fixture.look()
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("\(fixture.lock) is free\n"), "\(result.output)")
        #expect(try fixture.look(["--json"]).code == 0)
    }

    @Test func `only a small regular file is read as info`() throws {
        let fixture = try Fixture()
        let path = fixture.directory.file("deploy.info")
        #expect(mkfifo(path, 0o666) == 0)
        #expect(try fixture.look().output == "\(fixture.lock) is free\n")
        unlink(path)
        fixture.write("elsewhere", "PID: \(try deadPid())\n")
        #expect(symlink(fixture.directory.file("elsewhere"), path) == 0)
        #expect(try fixture.look().output == "\(fixture.lock) is free\n")
        unlink(path)
        let filler = String(repeating: "x", count: 70_000)
        fixture.write("deploy.info", "PID: \(try deadPid())\nCommand: \(filler)\n")
        #expect(try fixture.look().output == "\(fixture.lock) is free\n")
        unlink(path)
        mkdir(path, 0o755)
        #expect(try fixture.look().output == "\(fixture.lock) is free\n")
    }

    @Test func `text from outside cannot act on the terminal of status`() throws {
        let fixture = try Fixture()
        let evil = "\u{1b}]0;owned\u{7}\u{202e}x\r"
        fixture.write(
            "deploy.info",
            "PID: \(try deadPid())\nUser: \(evil)\nCommand: \(evil)\nStarted: \(evil)\n")
        for arguments in [[], ["--json"]] {
            let output = try fixture.look(arguments).output
            #expect(!output.isEmpty)
            #expect(
                !output.unicodeScalars.contains {
                    $0 != "\n" && ($0.value < 0x20 || $0.value == 0x202e)
                }, "\(output)")
        }
    }
}
