import Glibc
import SystemCalls
import TestSupport
import Testing

/// A signal for a whole group or cgroup reaches the command once, as it would without us.
@Suite struct SignalOnceTests {
    /// Counts TERM for as long as it is told to; a second one means "at once" to some programs.
    private static let counter = """
        trap 'echo TERM >> $HERE/got' TERM
        : > $HERE/up
        while [ ! -e $HERE/stop ]; do sleep 0.02; done
        exit 7
        """

    private func count(
        _ fixture: Fixture, _ child: ChildProcess, code: CInt = 7, _ send: () throws -> Void
    ) throws {
        #expect(eventually { fixture.exists("up") }, "\(child.errors)")
        try send()
        #expect(eventually { !fixture.lines("got").isEmpty })
        // What comes twice comes within the second in which a report of the keeper is waited for.
        usleep(400_000)
        fixture.write("stop", "")
        #expect(try child.finish().code == code)
        #expect(fixture.lines("got") == ["TERM"])
    }

    @Test func `a signal to the process group reaches the command once`() throws {
        let fixture = try Fixture()
        let child = try fixture.start(["bash", "-c", Self.counter])
        try count(fixture, child) { kill(-child.pid, SIGTERM) }
    }

    @Test func `a signal by timeout, to its child and then its group, arrives once`() throws {
        let fixture = try Fixture()
        let tool = BuiltTool.path("deploy-with-lock")
        let child = try ChildProcess(
            ["timeout", "1", tool, "--quiet", "bash", "-c", Self.counter],
            environment: fixture.environment())
        // timeout(1) gives 124 for what it ended, however that ended.
        try count(fixture, child, code: 124) {}
    }

    @Test func `a signal to each process of a cgroup in turn arrives once`() throws {
        let fixture = try Fixture()
        let child = try fixture.start(["bash", "-c", Self.counter])
        #expect(eventually { fixture.exists("up") })
        let keeper = try fixture.keeper(of: child)
        let children = String(
            decoding: try FileSystem.read("/proc/\(keeper)/task/\(keeper)/children"),
            as: UTF8.self)
        let command = try #require(children.split(separator: " ").first.flatMap { pid_t($0) })
        try count(fixture, child) {
            for pid in [child.pid, keeper, command] { kill(pid, SIGTERM) }
        }
    }

    @Test
    func `a signal to the wrapper alone is passed on, also to a session of its own`()
        throws
    {
        for prefix in [[], ["setsid"]] {
            let fixture = try Fixture()
            let child = try fixture.start(prefix + ["bash", "-c", Self.counter])
            try count(fixture, child) { child.kill(SIGTERM) }
        }
    }
}
