import DeployLock
import SystemCalls
import TestSupport
import Testing

/// What a freeze is worth at a moment, and what a waiter makes of it.
struct FreezeJudgementTests {
    private func freeze(_ id: String, from: Int64 = 0, until: Int64) -> Freeze {
        Freeze(
            id: id, reason: "why", by: "ann", user: "deploy", fromUs: from, untilUs: until,
            bootID: nil)
    }

    private func queue(_ directory: TemporaryDirectory) -> WaitQueue {
        WaitQueue(LockPaths(lockFile: directory.file("deploy.lock")))
    }

    private static let hour: Int64 = 3_600_000_000

    @Test func `a clock that is set back prolongs a freeze`() {
        let made = freeze("a", from: 10 * Self.hour, until: 11 * Self.hour)
        #expect(made.isInForce(at: 10 * Self.hour))
        #expect(made.isInForce(at: 9 * Self.hour))
        #expect(made.isInForce(at: 11 * Self.hour - 1))
        #expect(!made.isInForce(at: 11 * Self.hour))
        var ended = made
        ended.endedAtUs = 10 * Self.hour + 1
        #expect(!ended.isInForce(at: 10 * Self.hour + 2))
    }

    @Test func `what is written is read, and the last one to end decides`() throws {
        let directory = try TemporaryDirectory()
        let queue = queue(directory)
        let now = Clock.wallMicroseconds()
        let (short, long) = (
            freeze("a", until: now + Self.hour), freeze("b", until: now + 2 * Self.hour)
        )
        for made in [long, short, freeze("c", until: now - 1)] { try queue.freeze(made) }
        let found = try queue.freezes()
        #expect(found.inForce == [short, long])
        #expect(found.untilUs == long.untilUs)
        #expect(found.ids == ["a", "b"])
        #expect(try queue.unfreeze(queue.freezeFile("b")))
        #expect(try !queue.unfreeze(queue.freezeFile("b")))
        #expect(try queue.freezes().inForce == [short])
        // Nothing but tickets and freezes counts.
        #expect(try queue.listing().tickets.isEmpty)
    }

    @Test func `a deadline before the end is too short, also for one without an end`() throws {
        let directory = try TemporaryDirectory()
        let queue = queue(directory)
        try queue.freeze(freeze("a", until: Clock.wallMicroseconds() + Self.hour))
        let files = try queue.freezeFiles()
        let now = Clock.monotonicMicroseconds()
        func verdict(_ deadline: Int64?, overrides: Bool = false) -> FreezeWatch.Verdict {
            var watch = FreezeWatch(overrides: overrides, deadline: deadline)
            return watch.judge(files)
        }
        #expect(verdict(now + Self.hour / 2) == .tooLong)
        #expect(verdict(now + 2 * Self.hour) == .held)
        #expect(verdict(nil) == .held)
        #expect(verdict(now) == .tooLong)
        #expect(verdict(now, overrides: true) == .open)
    }

    @Test func `only the time in which nothing else is in the way is frozen`() throws {
        let directory = try TemporaryDirectory()
        let queue = queue(directory)
        let end = Clock.wallMicroseconds() + 150_000
        try queue.freeze(freeze("a", from: end - Self.hour, until: end))
        let files = try queue.freezeFiles()
        var alone = FreezeWatch(overrides: false, deadline: nil)
        var behind = alone
        let began = Clock.monotonicMicroseconds()
        #expect(alone.judge(files) == .held)
        #expect(behind.judge(files, isOnlyReason: { false }) == .held)
        #expect(eventually { Clock.wallMicroseconds() > end + 50_000 })
        let passed = Clock.monotonicMicroseconds() - began
        #expect(alone.judge(files) == .open)
        #expect(behind.judge(files, isOnlyReason: { false }) == .open)
        #expect(behind.frozenUs == 0)
        // Up to the end of the freeze, not to the look after it.
        #expect(alone.frozenUs > 0 && alone.frozenUs <= passed - 49_000, "\(alone.frozenUs)")
        let counted = alone.frozenUs
        #expect(alone.judge([]) == .open)
        #expect(alone.frozenUs == counted)
    }
}
