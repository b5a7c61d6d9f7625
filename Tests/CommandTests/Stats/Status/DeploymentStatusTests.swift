import Glibc
import SQLite
import SystemCalls
import TestSupport
import Testing

/// The document that other tools of a team read, in each state of the lock.
@Suite(
    "deploystats status --format deployment-status",
    .enabled(if: JSONSchemaCheck.isPossible, "the Python package jsonschema is not installed"))
struct DeploymentStatusTests {
    @Test func `a free lock without a ledger`() throws {
        let fixture = try Fixture()
        let document = try fixture.document()
        #expect(document.lock.status == "free")
        #expect(document.lock.holder == nil)
        #expect(document.queue.length == 0)
        #expect(document.lastDeployment == nil)
        #expect(document.health == nil)
        // A ledger that is not there yet is no problem.
        #expect(try fixture.stats("status", "--format", "deployment-status").errors.isEmpty)
    }

    @Test func `an empty ledger`() throws {
        let fixture = try Fixture()
        try fixture.makeFolder("state")
        fixture.write("state/ledger.db", "")
        let document = try fixture.document()
        #expect(document.lock.status == "free")
        #expect(document.lastDeployment == nil)
    }

    @Test func `the last deployment and its check`() throws {
        let fixture = try Fixture()
        let check = ["--health-check", "true", "--health-delay", "0"]
        let commit = ["--sha", "a1b2c3d4e5f6a7b8", "--tier", "lightning"]
        #expect(try fixture.run(check + commit + ["true"]).code == 0)
        try fixture.settle()
        let first = try fixture.document()
        #expect(first.lock.status == "free")
        let last = try #require(first.lastDeployment)
        #expect(last.sha == "a1b2c3d")
        #expect(last.status == "success")
        #expect(last.tier == "1-lightning")
        #expect(first.health?.status == "healthy")
        #expect(try #require(first.health).checkedAt <= last.completed)

        // A deployment without a check says nothing of the health, and one that was refused did
        // not have the lock.
        #expect(try fixture.run(["--tier", "docker", "sh", "-c", "sleep 1.1; exit 3"]).code == 3)
        let holder = try fixture.hold("a")
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(try fixture.run(["--tier", "nightly", "sh", "-c", "sleep 1.1; exit 3"]).code == 3)
        try fixture.settle()
        let second = try fixture.document()
        #expect(second.lastDeployment?.status == "failure")
        #expect(second.lastDeployment?.sha == nil)
        #expect(second.lastDeployment?.tier == "nightly")
        #expect(try #require(second.lastDeployment).durationSeconds >= 1)
        #expect(second.health?.status == "healthy")
        #expect(second.health?.checkedAt == first.health?.checkedAt)

        let failing = ["--health-check", "false", "--health-delay", "0", "--health-retries", "1"]
        #expect(try fixture.run(failing + ["--tier", "docker", "true"]).code == 69)
        try fixture.settle()
        let third = try fixture.document()
        #expect(third.lastDeployment?.tier == "2-docker")
        #expect(third.lastDeployment?.status == "failure")
        #expect(third.health?.status == "unhealthy")
    }

    @Test func `a held lock with a queue`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a", options: ["--sha", "abc1234"])
        let waiter = try fixture.wait("b")
        let document = try fixture.document()
        #expect(document.lock.status == "locked")
        let seen = try #require(document.lock.holder)
        #expect(seen.pid == holder.pid)
        #expect(seen.user == "root")
        #expect(seen.started != nil)
        #expect(try #require(seen.durationSeconds) >= 0)
        #expect(try #require(seen.command).hasPrefix("sh -c "))
        #expect(document.queue.length == 2)
        #expect(document.queue.runs.map(\.id) == [1, 2])
        #expect(document.queue.runs.map(\.status) == ["in_progress", "queued"])
        #expect(document.queue.runs[0].started == seen.started)
        #expect(document.queue.runs[1].created != nil)
        #expect(document.lastDeployment == nil)
        fixture.letGo("a")
        for child in [holder, waiter] { #expect(try child.finish().code == 0) }
    }

    @Test func `a secret of a command is masked`() throws {
        let fixture = try Fixture()
        let script = ": > $HERE/up; while [ ! -e $HERE/go ]; do sleep 0.01; done; # $0 $@"
        let holder = try fixture.start(["sh", "-c", script, "--password", "hunter2hunter2"])
        try #require(eventually { fixture.exists("up") })
        let result = try fixture.stats("status", "--format", "deployment-status")
        #expect(result.output.contains("--password"))
        #expect(!result.output.contains("hunter2"))
        fixture.write("go", "")
        #expect(try holder.finish().code == 0)
    }

    @Test func `a lock that a stranger holds`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let stranger = try ChildProcess(["flock", fixture.lock, "sleep", "600"])
        #expect(try eventually { try !fixture.isFree })
        let waiter = try fixture.wait("b")
        let document = try fixture.document()
        #expect(document.lock.status == "locked")
        #expect(document.lock.holder == nil)
        // It is no deployment and has no number.
        #expect(document.queue.runs.map(\.id) == [2])
        #expect(document.queue.runs.map(\.status) == ["queued"])
        kill(-stranger.pid, SIGKILL)
        #expect(try waiter.finish().code == 0)
    }

    @Test func `a running orphan, then a dead one`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a")
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        try fixture.killBoth(wrapper)
        let running = try fixture.document()
        #expect(running.lock.status == "orphaned")
        #expect(running.lock.holder?.pid == wrapper.pid)
        #expect(running.lock.holder?.durationSeconds != nil)
        #expect(running.queue.runs.map(\.status) == ["in_progress"])
        fixture.letGo("a")
        #expect(try eventually { try fixture.isFree })
        #expect(try eventually { try fixture.document().queue.length == 0 })
        let dead = try fixture.document()
        #expect(dead.lock.status == "orphaned")
        #expect(dead.lock.holder?.pid == wrapper.pid)
        #expect(dead.lock.holder?.durationSeconds == nil)
        // Looking records nothing.
        #expect(try fixture.outcomes() == ["1 in flight"])
    }

    @Test func `a freeze is no state of the lock`() throws {
        let fixture = try Fixture()
        try fixture.freeze()
        let frozen = try fixture.joinFrozen("a")
        let document = try fixture.document()
        #expect(document.lock.status == "free")
        #expect(document.queue.runs.map(\.status) == ["queued"])
        try fixture.unfreeze()
        #expect(try frozen.finish().code == 0)
    }

    @Test func `a ledger of a newer version`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try fixture.document().lastDeployment != nil)
        try Connection(path: fixture.ledger, mode: .readWrite, busyTimeoutMilliseconds: 5000)
            .execute("PRAGMA user_version = 999")
        let holder = try fixture.hold("a")
        let document = try fixture.document()
        #expect(document.lock.status == "locked")
        #expect(document.lock.holder?.pid == holder.pid)
        #expect(document.lastDeployment == nil)
        let result = try fixture.stats("status", "--format", "deployment-status")
        #expect(result.errors.contains("install the newer version"))
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `a lock that cannot be read is no document`() throws {
        let fixture = try Fixture()
        let missing = fixture.directory.file("missing/deploy.lock")
        let result = try fixture.stats(
            "status", "--format", "deployment-status", "--lock-file", missing)
        #expect(result.code == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("cannot determine who holds \(missing)"))
    }

    @Test func `one document is about one lock`() throws {
        let fixture = try Fixture()
        let result = try fixture.stats(
            "status", "--format", "deployment-status", "--lock-file", "/a.lock", "--lock-file",
            "/b.lock")
        #expect(result.code == 64)
        #expect(result.errors.contains("name only one"))
    }
}
