package import Ledger

/// What the metrics tell deployments apart by, and what they make of it: the definitions of who
/// counts where.
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

    /// What the table of deployments has of one.
    ///
    /// - Parameters:
    ///   - reason: why it ended so, whatever way that was.
    ///   - wait: how long it waited; nil when that is not known.
    package init(
        tier: String?, outcome: String?, reason: String?, hadLock: Bool, ahead: Int64?,
        wait: Int64?, overran: Bool, lostWrapper: Bool
    ) {
        self.tier = tier
        self.outcome = outcome
        self.reason = Self.wasLeftOut(outcome) ? reason : nil
        self.hadLock = hadLock
        wentStraightThrough = Self.wentStraightThrough(hadLock: hadLock, ahead: ahead, wait: wait)
        self.overran = overran
        self.lostWrapper = lostWrapper
    }

    /// A line of the kinds of a summary.
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

    /// Whether one found the lock free; who is first waits for some milliseconds all the same.
    static func wentStraightThrough(hadLock: Bool, ahead: Int64?, wait: Int64?) -> Bool {
        hadLock && ahead == 0 && wait.map { $0 < 10_000 } ?? false
    }

    /// Whether one of that outcome was not carried out on purpose.
    static func wasLeftOut(_ outcome: String?) -> Bool {
        outcome.flatMap(Outcome.init(rawValue:)).map(Outcome.leftOut.contains) ?? false
    }

    /// Whether it was not carried out on purpose.
    package var wasLeftOut: Bool { Self.wasLeftOut(outcome) }

    /// Whether it ended.
    package var hasEnded: Bool { outcome != nil }

    package var timedOut: Bool { outcome == Outcome.timedOut.rawValue }

    /// Whether it gave up while it waited for another reason than its own limit.
    package var wasCancelledWaiting: Bool { !hadLock && outcome == Outcome.cancelled.rawValue }

    /// Whether its wait is one for the metrics: it queued, and left the queue by getting the lock
    /// or by giving up.
    var countsAsWait: Bool {
        hadLock || timedOut || wasCancelledWaiting
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

extension Outcome {
    /// The ways of not being carried out on purpose.
    package static let leftOut: [Outcome] = [.skipped, .superseded, .refused]
}
