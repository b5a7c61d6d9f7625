import Glibc
import SystemCalls
import TestSupport
import Testing

/// A lock shared with a container: a pid of another namespace is unknown, not dead.
@Suite(.enabled(if: PidNamespace.arePossible, "needs to be root and a pid namespace"))
struct NamespaceTests {
    private static let container = ["unshare", "-p", "-f", "--mount-proc"]

    private func inside(
        _ fixture: Fixture, _ tool: String, _ arguments: [String]
    ) throws -> ChildProcess {
        try ChildProcess(
            Self.container + [BuiltTool.path(tool)] + arguments, environment: fixture.environment())
    }

    @Test func `a container waits for a command of the host that nothing else proves`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.holdWithoutDescriptor("a")
        try fixture.killBoth(wrapper)
        #expect(try fixture.isFree)
        let refused = try inside(fixture, "deploy-with-lock", ["--no-wait", "true"]).finish()
        #expect(refused.code == 1, "\(refused.errors)")
        #expect(refused.errors.contains("pid namespace"), "\(refused.errors)")
        let looked = try inside(fixture, "check-deploy-lock", ["--exit-code"]).finish()
        #expect(looked.code == 2, "\(looked.output)")
        // It may run, so nothing is concluded.
        #expect(try fixture.outcomes() == ["1 in flight", "2 refused"])
        fixture.letGo("a")
        // The host sees that it is gone.
        #expect(try eventually { try fixture.run(["--no-wait", "true"]).code == 0 })
        #expect(try fixture.outcomes().first == "1 orphaned")
    }

    @Test func `the host sees a command of the container, and its end`() throws {
        let fixture = try Fixture()
        let script = """
            import os, time
            os.closerange(3, 4096)
            here = os.environ["HERE"]
            open(here + "/a.up", "x")
            while not os.path.exists(here + "/a.go"): time.sleep(0.01)
            """
        let child = try inside(fixture, "deploy-with-lock", ["python3", "-c", script])
        #expect(eventually { fixture.exists("a.up") }, "\(child.errors)")
        let held = try fixture.look(["--exit-code"])
        #expect(held.code == 1 && held.output.contains("is held by #1"), "\(held.output)")
        let waiter = try fixture.start(["sh", "-c", "[ -e $HERE/a.go ] && echo after"])
        #expect(eventually { waiter.errors.contains("waiting") })
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
        #expect(try waiter.finish().output == "after\n")
        #expect(try fixture.outcomes() == ["1 succeeded", "2 succeeded"])
    }

    @Test func `waiters in a container are not recorded as dead`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let waiter = try inside(fixture, "deploy-with-lock", ["true"])
        #expect(eventually { waiter.errors.contains("waiting") })
        let third = try fixture.wait("c")
        fixture.letGo("a")
        for child in [holder, waiter, third] { #expect(try child.finish().code == 0) }
        #expect(try fixture.outcomes() == ["1 succeeded", "2 succeeded", "3 succeeded"])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a running orphan of the host is not free for a container that looks`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a")
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        try fixture.killBoth(wrapper)
        let looked = try inside(fixture, "check-deploy-lock", ["--exit-code"]).finish()
        #expect(looked.code == 2, "\(looked.output)")
        #expect(!looked.output.contains("is free"))
        #expect(try fixture.outcomes() == ["1 in flight"])
        fixture.letGo("a")
        #expect(try eventually { try fixture.isFree })
    }

    @Test func `a killed container takes wrapper, keeper and command with it`() throws {
        let fixture = try Fixture()
        let script = ": > $HERE/up; exec sleep 600"
        let child = try inside(fixture, "deploy-with-lock", ["sh", "-c", script])
        #expect(eventually { fixture.exists("up") })
        let children = try FileSystem.read("/proc/\(child.pid)/task/\(child.pid)/children")
        let first = try #require(
            String(decoding: children, as: UTF8.self).split(separator: " ").first
                .flatMap { pid_t($0) })
        kill(first, SIGKILL)
        _ = try child.finish()
        #expect(try eventually { try fixture.run(["--no-wait", "true"]).code == 0 })
        #expect(try fixture.outcomes().first == "1 orphaned")
        try fixture.expectOneOutcomeEach()
    }
}
