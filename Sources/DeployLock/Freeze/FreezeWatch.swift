import SystemCalls

/// What one deployment makes of the freezes it meets on its way to the lock.
package struct FreezeWatch: Sendable {
    /// What is to be done because of them.
    package enum Verdict: Hashable, Sendable {
        /// It may go on.
        case open
        /// It waits; it may still get the lock in time.
        case held
        /// They last longer than it may wait.
        case tooLong
    }

    /// Whether it deploys in spite of them.
    package let overrides: Bool
    /// When it gives up, monotonic clock in µs; nil when it waits for ever.
    package let deadline: Int64?
    /// Those in force when it last looked.
    package private(set) var freezes = Freezes.none
    /// How long it has waited only because of them until now, in µs.
    package var frozenUs: Int64 {
        counted + sinceLastLook(Clock.monotonicMicroseconds(), Clock.wallMicroseconds())
    }
    /// Whether nothing else held it up when it last looked.
    package private(set) var isOnlyReason = false

    private var counted: Int64 = 0
    private var lastLook: Int64?

    /// - Parameters:
    ///   - overrides: whether it deploys in spite of them.
    ///   - deadline: when it gives up, monotonic clock in µs.
    package init(overrides: Bool, deadline: Int64?) {
        self.overrides = overrides
        self.deadline = deadline
    }

    /// Judges what is in force now.
    ///
    /// - Parameter isOnlyReason: whether nothing else holds the deployment up; asked only when there
    ///   is a freeze.
    package mutating func judge(
        _ files: [FreezeFile], isOnlyReason: () -> Bool = { true }
    ) -> Verdict {
        if files.isEmpty, freezes.isEmpty { return .open }
        let wall = Clock.wallMicroseconds()
        let now = Clock.monotonicMicroseconds()
        let found = Freezes(reading: files, at: wall)
        counted += sinceLastLook(now, wall)
        let hasBegun = !found.isEmpty && freezes.isEmpty
        freezes = found
        self.isOnlyReason = !found.isEmpty && !overrides && isOnlyReason()
        // It was made some time after the last look, not at this one.
        let began = found.inForce.map(\.fromUs).min().map { now - (wall - $0) }
        let since = hasBegun ? began.map { min(max($0, lastLook ?? now), now) } : nil
        lastLook = since ?? now
        if found.isEmpty || overrides { return .open }
        return isTooLong(now, wall) ? .tooLong : .held
    }

    /// How long to wait before the next look, in µs: no longer than the freezes last.
    func pause(atMost longest: Int64) -> Int64 {
        guard let until = freezes.untilUs else { return longest }
        return min(longest, max(1, until - Clock.wallMicroseconds()))
    }

    /// Whether they outlast the deadline; what has no known end is waited for as long as possible.
    private func isTooLong(_ now: Int64, _ wall: Int64) -> Bool {
        guard let deadline else { return false }
        if deadline <= now { return true }
        return freezes.inForce.last.map { $0.untilUs - wall > deadline - now } ?? false
    }

    /// What of the time since the last look they alone took, up to the end of those in force then.
    private func sinceLastLook(_ now: Int64, _ wall: Int64) -> Int64 {
        guard isOnlyReason, let lastLook else { return 0 }
        var end = now
        if let until = freezes.untilUs, until < wall { end = max(lastLook, now - (wall - until)) }
        return end - lastLook
    }
}
