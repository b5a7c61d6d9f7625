import Glibc
import SystemCalls
import TestSupport
import Testing

/// Forced unlocks where somebody meddled with the files, or the next in line is close behind.
@Suite struct ForcedUnlockOddStateTests {
    @Test func `the next in line is not ended with an orphan that closed the lock`() throws {
        let fixture = try Fixture()
        try fixture.killWrapper(try fixture.holdWithoutDescriptor("a"))
        let next = try fixture.waitForSurvivor("b")
        let result = try fixture.unlock()
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.contains("held by    #1 root, orphaned"))
        #expect(result.errors.contains("waiting    1: #2 root"))
        #expect(!result.errors.contains("pid \(next.pid):"), "\(result.errors)")
        #expect(result.output.contains("next: #2 got the lock"), "\(result.output)")
        #expect(eventually { fixture.exists("b.up") })
        fixture.letGo("b")
        #expect(try next.finish().code == 0)
        #expect(try fixture.outcomes() == ["1 force_unlocked", "2 succeeded"])
        try fixture.expectOneOutcomeEach()
    }

    @Test(arguments: [true, false])
    func `a holder whose ticket was removed is still notified`(_ lockExists: Bool) throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        #expect(eventually { fixture.exists("deploy.info") })
        try fixture.removeQueue()
        if !lockExists { unlink(fixture.lock) }
        let result = try fixture.unlock(["--number", "1"])
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.contains("held by    #1 root, running for"), "\(result.errors)")
        #expect(result.errors.contains("wrapper    pid \(holder.pid), alive"))
        let ended = try holder.finish()
        #expect(ended.code == 128 + SIGTERM)
        #expect(ended.errors.contains("#1 was force-unlocked by root: stuck"), "\(ended.errors)")
        #expect(try fixture.outcomes() == ["1 force_unlocked"])
        #expect(try fixture.forced("victim", "result") == ["holder -", "holder terminated"])
        try fixture.expectOneOutcomeEach()
    }

    /// A full disk, a ticket that cannot be locked, and a keeper in its wrapper's place.
    @Test(
        .enabled(if: Strace.isPossible, "needs strace"),
        arguments: [
            ("write:error=ENOSPC", false), ("fcntl:error=ENOLCK", false),
            ("write:error=ENOSPC", true),
        ])
    func `a deployment that cannot be notified decides its outcome itself`(
        _ fault: String, _ isOrphan: Bool
    ) throws {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a")
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        if isOrphan {
            try fixture.killWrapper(wrapper)
            #expect(eventually { (try? fixture.events(1).last) == "wrapper_lost" })
        }
        let call = String(fault.prefix { $0 != ":" })
        let result = try fixture.unlock(as: [
            "strace", "-f", "-qq", "-o", "/dev/null", "-P", "\(fixture.lock).queue/ticket-1", "-e",
            "trace=\(call)", "-e", "inject=\(fault)",
        ])
        #expect(result.code == 0, "\(result.errors)")
        #expect(
            result.errors.contains("could not notify the running deployment"), "\(result.errors)")
        #expect(try eventually { try fixture.isFree })
        #expect(eventually { (try? fixture.outcomes()) == ["1 failed"] })
        let kind = isOrphan ? "running_orphan" : "holder"
        #expect(try fixture.forced("victim", "outcome") == ["\(kind) -", "\(kind) -"])
        #expect(eventually { fixture.tickets == [] })
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a running orphan whose ticket was removed is ended`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a")
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        #expect(eventually { fixture.exists("deploy.info") })
        try fixture.killWrapper(wrapper)
        try fixture.removeQueue()
        let result = try fixture.unlock()
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.contains("held by    #1 root, orphaned"), "\(result.errors)")
        #expect(try fixture.isFree)
        #expect(try fixture.outcomes() == ["1 force_unlocked"])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a holder is not mistaken for the next one with its number`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        #expect(eventually { fixture.exists("deploy.info") })
        try fixture.removeQueue()
        unlink(fixture.lock)
        // Neither a counter nor this ledger knows of the holder.
        let ledger = fixture.directory.file("other/ledger.db")
        let next = try fixture.run(["--no-wait", "true"], environment: ["DEPLOY_LEDGER": ledger])
        #expect(next.code == 1)
        #expect(next.errors.contains("#2 refused"), "\(next.errors)")
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test(.enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
    func `events that cannot be recorded anywhere stay in the ticket`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.start(["sh", "-c", "echo $$ > $HERE/pid; exec sleep 600"])
        #expect(eventually { fixture.lines("pid").count == 1 && fixture.exists("deploy.info") })
        try fixture.killBoth(wrapper)
        kill(try #require(fixture.lines("pid").first.flatMap { pid_t($0) }), SIGKILL)
        #expect(try eventually { try fixture.isFree })
        let mounts = try PrivateMounts(
            """
            mkdir -p '\(fixture.directory.path)/state'
            for place in /var/tmp /run '\(fixture.directory.path)/state'
            do mount -t tmpfs -o ro none "$place"; done
            """)
        let result = try mounts.run(
            [BuiltTool.path("check-deploy-lock"), "--force-unlock", "--yes", "--reason", "x"],
            environment: fixture.environment())
        #expect(result.code == 0, "\(result.errors)")
        #expect(fixture.tickets == ["ticket-1"])
        // The words that go nowhere else.
        #expect(result.errors.contains("\"kind\":\"forced_unlock\""), "\(result.errors)")
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try fixture.events(1) == ["requested", "acquired", "orphaned orphaned"])
    }
}
