import Glibc
import SystemCalls
import TestSupport
import Testing

/// A forced unlock in the very moment in which a deployment steps aside for a newer one.
@Suite(.enabled(if: Strace.isPossible, "needs strace")) struct UnlockMomentTests {
    /// A system call after which the deployment is stopped, with the file it is about.
    enum Moment: String, CustomTestStringConvertible {
        case hasTheLock = "flock"
        case mayDecide = "fcntl"
        case hasLooked = "pread64"
        case hasDecided = "write"

        var testDescription: String { rawValue }
        var file: String { self == .hasTheLock ? "deploy.lock" : "deploy.lock.queue/ticket-2" }
    }

    /// A deployment that is stopped there, with one behind it for which it steps aside.
    private func stop(
        at moment: Moment, _ fixture: Fixture
    ) throws -> (second: ChildProcess, pid: pid_t, third: ChildProcess) {
        let first = try fixture.hold("a")
        let second = try ChildProcess(
            [
                "strace", "-f", "-b", "execve", "-o", fixture.directory.file("trace"), "-P",
                fixture.directory.file(moment.file), "-e", "trace=\(moment.rawValue)", "-e",
                "inject=\(moment.rawValue):signal=STOP:when=1",
                BuiltTool.path("deploy-with-lock"),
            ] + Fixture.batch + ["sh", "-c", "echo second >> $HERE/ran"],
            environment: fixture.environment())
        #expect(eventually { fixture.tickets.contains("ticket-2") })
        let third = try fixture.join(Fixture.batch, "echo third >> $HERE/ran")
        fixture.letGo("a")
        #expect(try first.finish().code == 0)
        #expect(
            eventually { fixture.read("trace").contains("stopped by SIGSTOP") },
            "\(second.errors)")
        return (second, try #require(fixture.children(of: second.pid).first), third)
    }

    /// Number 2's outcome when everything has been recorded.
    private func outcome(_ fixture: Fixture) throws -> String? {
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        try fixture.expectOneOutcomeEach()
        return try fixture.query("SELECT outcome FROM deployment WHERE number = 2").first
    }

    @Test(arguments: [Moment.hasTheLock, .mayDecide, .hasLooked])
    func `gives one outcome`(_ moment: Moment) throws {
        let fixture = try Fixture()
        let (second, _, third) = try stop(at: moment, fixture)
        let unlocked = try fixture.unlock()
        #expect(unlocked.code == 0, "\(unlocked.errors)")
        _ = try second.finish()
        #expect(try third.finish().code == 0)
        #expect(fixture.lines("ran") == ["third"])
        let isForced = moment == .hasTheLock
        #expect(try outcome(fixture) == (isForced ? "force_unlocked" : "superseded"))
    }

    @Test(arguments: [Moment.mayDecide, .hasLooked, .hasDecided])
    func `gives one outcome when the deployment is abandoned`(_ moment: Moment) throws {
        let fixture = try Fixture()
        let (second, pid, third) = try stop(at: moment, fixture)
        _ = try fixture.unlock(["--abandon", "--no-watch"])
        kill(pid, SIGCONT)
        _ = try second.finish()
        #expect(try third.finish().code == 0)
        #expect(fixture.lines("ran") == ["third"])
        #expect(try outcome(fixture) == "superseded")
    }
}
