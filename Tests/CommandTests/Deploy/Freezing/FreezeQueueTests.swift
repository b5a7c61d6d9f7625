import TestSupport
import Testing

/// A freeze beside the other reasons not to deploy.
struct FreezeQueueTests {
    @Test func `those that wait frozen count, and the freeze is judged first`() throws {
        let fixture = try Fixture()
        try fixture.freeze()
        let waiters = try ["a", "b"].map { try fixture.joinFrozen($0) }
        let skipped = try fixture.run(["--max-queue", "2", "--timeout", "3h", "true"])
        #expect(skipped.code == 0)
        #expect(skipped.errors.contains("SKIPPED"))
        for options in [["--max-queue", "2"], ["--ignore-max-queue"]] {
            let refused = try fixture.run(options + ["--no-wait", "true"])
            #expect(refused.code == 1)
            #expect(refused.errors.contains("deployments are frozen"), "\(refused.errors)")
        }
        let overridden = try fixture.run(
            ["--max-queue", "2", "--override-freeze", "hot fix", "true"])
        #expect(overridden.errors.contains("SKIPPED"), "\(overridden.errors)")
        try fixture.unfreeze()
        for waiter in waiters { #expect(try waiter.finish().code == 0) }
        try fixture.settle()
        #expect(
            try fixture.query("SELECT number || ' ' || outcome FROM deployment ORDER BY number")
                == [
                    "1 succeeded", "2 succeeded", "3 skipped", "4 refused", "5 refused",
                    "6 skipped",
                ])
    }

    @Test func `stepping aside is judged when the freeze ends`() throws {
        let fixture = try Fixture()
        try fixture.freeze()
        let options = Fixture.batch + ["--timeout", "3h"]
        let first = try fixture.joinFrozen("a", options)
        let second = try fixture.joinFrozen("b", options)
        #expect(first.isRunning)
        try fixture.unfreeze()
        #expect(try first.finish().code == 0)
        #expect(try second.finish().code == 0)
        #expect(first.errors.contains("SUPERSEDED"), "\(first.errors)")
        #expect(fixture.lines("ran") == ["b"])
        #expect(try fixture.coverage() == ["1 superseded 2", "2 succeeded"])
        #expect(try fixture.numbers("frozen_us", of: "superseded").allSatisfy { $0 > 0 })
    }

    @Test func `an override runs at once and leaves its reason`() throws {
        let fixture = try Fixture()
        let ids = [try fixture.freeze(), try fixture.freeze(until: "+2h", reason: "audit")]
        let result = try fixture.run(["--no-wait", "--override-freeze", "payments down", "true"])
        #expect(result.code == 0)
        #expect(result.errors.contains("#1 overrides a freeze (payments down)"), "\(result.errors)")
        try fixture.settle()
        #expect(
            try fixture.query(
                "SELECT record ->> '$.override_reason' FROM event WHERE kind = 'acquired'")
                == ["payments down"])
        #expect(
            try fixture.query(
                "SELECT value FROM event, json_each(record, '$.overrode') WHERE kind = 'acquired'")
                == ids)
        // Nothing to override: nothing to say.
        try fixture.unfreeze()
        let plain = try fixture.run(["--override-freeze", "payments down", "true"])
        #expect(!plain.errors.contains("overrides"))
        #expect(
            try fixture.query(
                "SELECT count(*) FROM event WHERE record ->> '$.override_reason' IS NOT NULL")
                == ["1"])
    }

    @Test(arguments: ["", "  "]) func `an override needs a reason`(_ reason: String) throws {
        let fixture = try Fixture()
        let result = try fixture.run(["--override-freeze", reason, "true"])
        #expect(result.code == 64)
        #expect(fixture.tickets.isEmpty)
    }
}
