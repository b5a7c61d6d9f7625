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
    /// Why it had the lock and did not succeed, as the column `failure` has it.
    package let failure: String?
    /// Of one that stepped aside: how the deployment at the end of the chain ended; nil while that
    /// is in flight.
    package let cover: String?
    /// Whether it had the lock.
    package let hadLock: Bool
    /// Whether it went straight through to a free lock and never waited.
    let wentStraightThrough: Bool
    /// Whether its wrapper was lost while it had the lock; its line says when.
    let lostWrapper: Bool
    /// Whether it is a request for a commit.
    let isRequest: Bool
    /// Whether it is the first request for its commit under its lock.
    let isFirstRequest: Bool
    /// When the commit of a first request was delivered.
    let delivery: Delivery
    /// Whether it delivered a commit that had been delivered before.
    let repeatsDelivery: Bool
    /// What its rollback came to, as the column `rollback` has it; nil without one.
    package let rollback: String?
    /// Whether a freeze held it back; its line says for how long.
    let wasFrozen: Bool

    /// When a commit was delivered.
    enum Delivery: Int {
        /// Not yet, or it is for another request to say.
        case none = 0
        /// With the end of this deployment.
        case atItsEnd
        /// At another time, which its line says.
        case atAnotherTime
    }

    /// What the table of deployments has of one.
    ///
    /// - Parameters:
    ///   - reason: why it ended so, whatever way that was.
    ///   - wait: how long it waited; nil when that is not known.
    ///   - delivered: whether the commit of a first request was delivered.
    package init(
        tier: String?, outcome: String?, reason: String?, hadLock: Bool, ahead: Int64?,
        wait: Int64?, lostWrapper: Bool, failure: String?, cover: String?,
        isRequest: Bool, isFirstRequest: Bool, isDelivered: Bool, repeatsDelivery: Bool,
        rollback: String?, wasFrozen: Bool
    ) {
        self.tier = tier
        self.outcome = outcome
        self.reason = Self.wasLeftOut(outcome) ? reason : nil
        self.hadLock = hadLock
        wentStraightThrough = Self.wentStraightThrough(hadLock: hadLock, ahead: ahead, wait: wait)
        self.lostWrapper = lostWrapper
        self.failure = failure
        self.cover = cover
        self.isRequest = isRequest
        self.isFirstRequest = isFirstRequest
        delivery = isDelivered ? .atAnotherTime : .none
        self.repeatsDelivery = repeatsDelivery
        self.rollback = rollback
        self.wasFrozen = wasFrozen
    }

    /// A line of the kinds of a summary.
    package init(from decoder: any Decoder) throws {
        var members = try decoder.unkeyedContainer()
        tier = try members.decode(String?.self)
        outcome = try members.decode(String?.self)
        reason = try members.decode(String?.self)
        hadLock = try members.decode(Int.self) == 1
        wentStraightThrough = try members.decode(Int.self) == 1
        lostWrapper = try members.decode(Int.self) == 1
        failure = try members.decode(String?.self)
        cover = try members.decode(String?.self)
        isRequest = try members.decode(Int.self) == 1
        isFirstRequest = try members.decode(Int.self) == 1
        guard let delivery = Delivery(rawValue: try members.decode(Int.self)) else {
            throw DecodingError.dataCorruptedError(in: members, debugDescription: "delivery")
        }
        self.delivery = delivery
        repeatsDelivery = try members.decode(Int.self) == 1
        rollback = try members.decode(String?.self)
        wasFrozen = try members.decode(Int.self) == 1
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

    /// Why it had the lock and did not succeed; nil when it did, or is in flight.
    package var failureReason: FailureReason? {
        failure.flatMap(FailureReason.init(rawValue:))
    }

    /// Whether it was ended because it ran too long.
    package var overran: Bool { failureReason == .overran }

    /// Whether its command succeeded and the check of it did not.
    package var isUnhealthy: Bool { failureReason == .health }

    /// Whether an older version was put back, or that was tried, after it failed.
    package var wasRolledBack: Bool { hadLock && rollback != nil }

    /// Whether that was tried and failed.
    package var rollbackFailed: Bool {
        wasRolledBack && rollback != StepResult.done.rawValue
    }

    /// Whether it stepped aside for a newer one.
    var wasSuperseded: Bool { outcome == Outcome.superseded.rawValue }

    /// What the skip rate makes of it.
    package var skip: Skip {
        if !wasLeftOut { return .carriedOut }
        if wasSuperseded {
            return switch cover {
            case nil: .pending
            case Outcome.succeeded.rawValue: .batched
            default: .leftOut
            }
        }
        guard outcome == Outcome.refused.rawValue else { return .leftOut }
        return switch reason.flatMap(ReasonCode.init(rawValue:)) {
        case .unusable: .unusable
        case .frozen: .frozen
        default: .leftOut
        }
    }

    /// What the skip rate makes of a deployment that ended.
    package enum Skip: Hashable, CaseIterable {
        /// It was not left out.
        case carriedOut
        /// It was left out, and nobody delivered its commit for it.
        case leftOut
        /// It stepped aside, and the deployment at the end of the chain succeeded.
        case batched
        /// It stepped aside for one that is in flight: in neither count.
        case pending
        /// The lock could not be used, which is an error: in neither count.
        case unusable
        /// Deployments were frozen: in neither count.
        case frozen

        /// Whether the rate is about it.
        var counts: Bool { [.carriedOut, .leftOut, .batched].contains(self) }
    }
}

extension Outcome {
    /// The ways of not being carried out on purpose.
    package static let leftOut: [Outcome] = [.skipped, .superseded, .refused]
}
