import Glibc
import SystemCalls
import TestSupport
import Testing

/// A forced unlock in the very moment in which a deployment steps aside for a newer one.
@Suite(.enabled(if: Strace.isPossible, "needs strace")) struct UnlockMomentTests {
    /// A system call after which the deployment is stopped, and the file it is about.
    enum Moment: CaseIterable {
        case hasTheLock, mayDecide, hasLooked, hasDecided, isAboutToLetGo

        var call: String {
            switch self {
            case .hasTheLock: "flock"
            case .mayDecide, .isAboutToLetGo: "fcntl"
            case .hasLooked: "pread64"
            case .hasDecided: "write"
            }
        }
        /// Which one of those calls.
        var place: Int { self == .isAboutToLetGo ? 2 : 1 }
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
                fixture.directory.file(moment.file), "-e", "trace=\(moment.call)", "-e",
                "inject=\(moment.call):signal=STOP:when=\(moment.place)",
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

    @Test(arguments: Moment.allCases)
    func `a forced unlock while stepping aside gives one outcome`(_ moment: Moment) throws {
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

    @Test(arguments: Moment.allCases.dropFirst())
    func `abandoning a deployment that steps aside gives one outcome`(_ moment: Moment) throws {
        let fixture = try Fixture()
        let (second, pid, third) = try stop(at: moment, fixture)
        _ = try fixture.unlock(["--abandon", "--no-watch"])
        kill(pid, SIGCONT)
        _ = try second.finish()
        #expect(try third.finish().code == 0)
        #expect(fixture.lines("ran") == ["third"])
        #expect(try outcome(fixture) == "superseded")
    }

    @Test func `a deployment that has reported its end is told to continue`() throws {
        let fixture = try Fixture()
        let traced = try ChildProcess(
            [
                "strace", "-f", "-b", "execve", "-o", fixture.directory.file("trace"), "-P",
                fixture.directory.file("deploy.lock.queue/ticket-1"), "-e", "trace=write", "-e",
                // After what it writes when it has the lock.
                "inject=write:signal=STOP:when=2", BuiltTool.path("deploy-with-lock"), "true",
            ], environment: fixture.environment())
        #expect(eventually { fixture.read("trace").contains("stopped by SIGSTOP") })
        let unlocked = try fixture.unlock()
        #expect(unlocked.code == 0, "\(unlocked.errors)")
        #expect(unlocked.errors.contains("held by    #1 root"), "\(unlocked.errors)")
        #expect(try traced.finish().code == 0)
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        #expect(try fixture.outcomes() == ["1 succeeded", "2 succeeded"])
        try fixture.expectOneOutcomeEach()
    }
}
