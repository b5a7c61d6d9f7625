import Glibc
import SystemCalls
import TestSupport
import Testing

/// A keeper that cannot do the rest as the program leaves the end in the ticket.
@Suite(.enabled(if: Strace.isPossible && geteuid() == 0, "needs root and strace"))
struct HardTimeoutTests {
    /// Starts to trace a keeper, in which a system call fails from then on.
    private func fail(_ call: String, in keeper: pid_t) throws -> ChildProcess {
        let tracer = try ChildProcess([
            "strace", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
            "inject=\(call):error=EMFILE", "-p", String(keeper),
        ])
        #expect(
            eventually {
                let status = (try? FileSystem.read("/proc/\(keeper)/status")) ?? []
                return String(decoding: status, as: UTF8.self).contains(
                    "TracerPid:\t\(tracer.pid)\n")
            }, "\(tracer.errors)")
        return tracer
    }

    @Test(arguments: ["execveat", "signalfd4", "eventfd2"])
    func `the next deployment records what a broken keeper left`(_ call: String) throws {
        let fixture = try Fixture()
        let wait = ": > $HERE/up; while [ ! -e $HERE/go ]; do sleep 0.01; done; exit 6"
        let wrapper = try fixture.start(["sh", "-c", wait])
        #expect(eventually { fixture.exists("up") })
        let tracer = try fail(call, in: fixture.keeper(of: wrapper))
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        try fixture.killWrapper(wrapper)
        usleep(100_000)
        #expect(try !fixture.isFree)
        fixture.write("go", "")
        #expect(try eventually { try fixture.isFree })
        _ = try tracer.finish()
        #expect(try fixture.run(["true"]).code == 0)
        #expect(
            try fixture.events(1) == ["requested", "acquired", "wrapper_lost", "released failed"])
        #expect(try fixture.query("SELECT exit_code FROM deployment WHERE number = 1") == ["6"])
        #expect(fixture.tickets == [])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a broken keeper waits for a deployment that the command left behind inside`() throws
    {
        let fixture = try Fixture()
        let tool = BuiltTool.path("deploy-with-lock")
        fixture.write(
            "inner",
            """
            : > $HERE/in; while [ ! -e $HERE/inner-go ]; do sleep 0.01; done
            echo inner >> $HERE/log
            """)
        let wrapper = try fixture.start([
            "sh", "-c",
            // The inner one has neither lock nor standard streams of ours, only its mark.
            "'\(tool)' sh $HERE/inner > /dev/null 2>&1 & "
                + "while [ ! -e $HERE/in ] || [ ! -e $HERE/go ]; do sleep 0.01; done",
        ])
        #expect(eventually { fixture.exists("in") })
        let tracer = try fail("execveat", in: fixture.keeper(of: wrapper))
        try fixture.killWrapper(wrapper)
        fixture.write("go", "")
        let next = try fixture.start(["sh", "-c", "echo next >> $HERE/log"])
        // Longer than the keeper takes to see the command's end.
        usleep(400_000)
        #expect(!fixture.exists("log"))
        fixture.write("inner-go", "")
        #expect(try next.finish().code == 0)
        _ = try tracer.finish()
        #expect(fixture.lines("log") == ["inner", "next"])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `another process's lock on the ticket makes nobody wait`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a")
        let tracer = try fail("execveat", in: fixture.keeper(of: wrapper))
        let ticket = try FileDescriptor.open(
            fixture.lock + ".queue/ticket-1", O_RDONLY | O_CLOEXEC)
        #expect(try ticket.tryRecordLock(.shared))
        try fixture.killWrapper(wrapper)
        fixture.letGo("a")
        #expect(try eventually { try fixture.isFree })
        _ = try tracer.finish()
    }

    @Test(arguments: [("none", 127), ("./plain", 126), ("/", 126)])
    func `a command that could not be started keeps its exit code`(
        _ command: String, _ code: Int
    ) throws {
        let fixture = try Fixture()
        fixture.write("plain", "")
        // The wrapper makes its keeper and is killed before it could hear of the failure.
        let traced = try ChildProcess(
            [
                "env", "-C", fixture.directory.path, "strace", "-f", "-b", "execve", "-qq", "-o",
                "/dev/null", "-e", "trace=clone,execveat", "-e",
                "inject=execveat:error=EPERM", "-e", "inject=clone:delay_exit=1000000",
                BuiltTool.path("deploy-with-lock"), command,
            ], environment: fixture.environment())
        #expect(eventually { fixture.wrapperWithKeeper(below: traced.pid) != nil })
        if let wrapper = fixture.wrapperWithKeeper(below: traced.pid) { kill(wrapper, SIGKILL) }
        _ = try traced.finish()
        #expect(try eventually { try fixture.isFree })
        #expect(try fixture.run(["true"]).code == 0)
        #expect(
            try fixture.query("SELECT exit_code || ' ' || reason FROM deployment WHERE number = 1")
                == ["\(code) command not \(code == 127 ? "found" : "executable")"])
        try fixture.expectOneOutcomeEach()
    }
}
