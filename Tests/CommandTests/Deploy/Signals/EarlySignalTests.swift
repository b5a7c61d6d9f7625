import Glibc
import SystemCalls
import TestSupport
import Testing

/// A signal that comes while the command's process comes into being reaches it, once.
@Suite(.enabled(if: Strace.isPossible, "needs strace")) struct EarlySignalTests {
    /// Each process starts its children late.
    private static let late = [
        "strace", "-f", "-b", "execve", "-qq", "-o", "/dev/null", "-e",
        "trace=clone,?vfork", "-e", "inject=clone,?vfork:delay_enter=700000",
        BuiltTool.path("deploy-with-lock"), "sleep", "600",
    ]

    @Test func `Ctrl-C between the acquisition and the keeper runs nothing`() throws {
        let fixture = try Fixture()
        let terminal = try PseudoTerminal(Self.late, environment: fixture.environment())
        // Written just before the keeper is made.
        #expect(eventually { fixture.read("deploy.lock.queue/ticket-1").contains("acquired") })
        terminal.type("\u{3}")
        #expect(terminal.finish() == 128 + SIGINT)
        #expect(
            try fixture.query("SELECT outcome || ' ' || signal FROM deployment") == ["failed 2"])
    }

    @Test func `Ctrl-C between the keeper and the command reaches the command`() throws {
        let fixture = try Fixture()
        let terminal = try PseudoTerminal(Self.late, environment: fixture.environment())
        #expect(eventually { fixture.wrapperWithKeeper(below: terminal.pid) != nil })
        terminal.type("\u{3}")
        #expect(terminal.finish() == 128 + SIGINT)
        #expect(
            try fixture.query("SELECT outcome || ' ' || signal FROM deployment") == ["failed 2"])
    }

    @Test func `a signal for the whole group between keeper and command arrives once`() throws {
        let fixture = try Fixture()
        let child = try ChildProcess(Self.late, environment: fixture.environment())
        #expect(eventually { fixture.wrapperWithKeeper(below: child.pid) != nil })
        // The tracer, in the same group, leaves only with what it traces.
        kill(-child.pid, SIGTERM)
        #expect(try child.finish().code == 128 + SIGTERM)
        #expect(
            try fixture.query("SELECT outcome || ' ' || signal FROM deployment") == ["failed 15"])
    }
}
