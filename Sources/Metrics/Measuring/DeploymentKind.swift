import Ledger

/// What deployments of a block are told apart by beside their lock: a line of its `kinds`.
package struct DeploymentKind: Decodable {
    /// The kind of deployment people named.
    package let tier: String?
    /// How it ended; nil while it is in flight.
    package let outcome: String?
    /// Why it was left out; only of skipped, superseded and refused ones.
    package let reason: String?
    /// Whether it had the lock.
    package let hadLock: Bool
    /// Whether it went straight through to a free lock and never waited.
    let wentStraightThrough: Bool
    /// Whether it was ended because it ran too long.
    package let overran: Bool
    /// Whether its wrapper was lost while it had the lock; its line says when.
    let lostWrapper: Bool

    package init(from decoder: any Decoder) throws {
        var members = try decoder.unkeyedContainer()
        tier = try members.decode(String?.self)
        outcome = try members.decode(String?.self)
        reason = try members.decode(String?.self)
        hadLock = try members.decode(Int.self) == 1
        wentStraightThrough = try members.decode(Int.self) == 1
        overran = try members.decode(Int.self) == 1
        // Of the many others it is not said.
        lostWrapper = try !members.isAtEnd && members.decode(Int.self) == 1
    }

    /// Whether its wait is one for the metrics: it queued, and left the queue by getting the lock
    /// or by giving up.
    var countsAsWait: Bool {
        hadLock || outcome == Outcome.timedOut.rawValue || outcome == Outcome.cancelled.rawValue
    }

    /// Whether it was in the queue as the length of the queue has it.
    var wasInQueue: Bool {
        hadLock
            || outcome != nil && outcome != Outcome.skipped.rawValue
                && outcome != Outcome.refused.rawValue
    }

    /// Whether it lost its wrapper while it had the lock, or died so that nobody could tell.
    var isOrphan: Bool { lostWrapper || outcome == Outcome.orphaned.rawValue }

    /// Whether it became an orphan at its end, its last proof of life: nobody could say when its
    /// wrapper was lost.
    var isOrphanedAtItsEnd: Bool { isOrphan && !lostWrapper }

    /// Whether the orphan rate counts it when it ends; others that had the lock count when their
    /// wrapper was lost.
    var countsForOrphansAtItsEnd: Bool { !lostWrapper && (hadLock || isOrphan) }

    package var succeeded: Bool { outcome == Outcome.succeeded.rawValue }
}
