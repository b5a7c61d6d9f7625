import Ledger
import Queries

/// Collects what a `DeploymentHistory` is made of.
struct HistoryScan: MeasureSink {
    private let since: Int64
    private let until: Int64
    private var rules: [Rules] = []
    private var lockPlaces: [Int?] = []
    package private(set) var queued: [DeploymentHistory.Queued] = []
    package private(set) var ended: [DeploymentHistory.Ended] = []
    package private(set) var losses: [Int64] = []
    private(set) var deliveries: [DeploymentHistory.Delivered] = []
    /// The locks, in the order they came.
    package private(set) var locks = StringInterner()
    /// The kinds of deployment, in the order they came.
    package private(set) var tiers = StringInterner()

    /// What is looked at for every deployment, so that no text is.
    private struct Rules {
        let outcome: Outcome?
        let hasEnded: Bool
        let tier: Int?
        let wasInQueue: Bool
        let waits: Bool
        let countsAsWait: Bool
        let countsForOrphans: Bool
        let skip: DeploymentKind.Skip
        let hadLock: Bool
    }

    init(window: Window) {
        since = window.since.microseconds
        until = window.until.microseconds
    }

    mutating func reserve(_ count: Int) {
        queued.reserveCapacity(count)
        ended.reserveCapacity(count)
    }

    package mutating func prepare(kinds: [DeploymentKind], locks allLocks: [String?]) {
        for lock in allLocks[lockPlaces.count...] {
            lockPlaces.append(lock.map { locks.place(of: $0) })
        }
        for kind in kinds[rules.count...] {
            let outcome = kind.outcome.flatMap { Outcome(rawValue: $0) }
            rules.append(
                Rules(
                    outcome: outcome, hasEnded: kind.hasEnded,
                    tier: kind.tier.map { tiers.place(of: $0) }, wasInQueue: kind.wasInQueue,
                    waits: !kind.wentStraightThrough, countsAsWait: kind.countsAsWait,
                    countsForOrphans: kind.countsForOrphansAtItsEnd, skip: kind.skip,
                    hadLock: kind.hadLock))
        }
    }

    package mutating func add(_ one: MeasuredDeployment) {
        let unknown = MeasuredDeployment.unknown
        let rule = rules[one.kind]
        let wasThere = one.requested != unknown && one.requested < until
        if rule.wasInQueue, one.queueLeft >= since, one.queueLeft < until || wasThere {
            // What a damaged record claims is kept within the calendar.
            let left = Instant(microseconds: one.queueLeft).microseconds
            let asked =
                one.requested == unknown
                ? left : Instant(microseconds: one.waitedFrom).microseconds
            queued.append(
                DeploymentHistory.Queued(
                    left: left, asked: asked, wait: one.wait == unknown ? nil : one.wait,
                    timedOut: rule.outcome == .timedOut, counts: rule.countsAsWait,
                    queue: rule.waits ? lockPlaces[one.lock] : nil))
        }
        if rule.hasEnded, one.ended >= since, one.ended < until {
            ended.append(
                DeploymentHistory.Ended(
                    ended: one.ended, held: one.ran == unknown ? nil : one.ran,
                    outcome: rule.outcome, tier: rule.tier,
                    countsForOrphans: rule.countsForOrphans, skip: rule.skip,
                    hadLock: rule.hadLock))
        }
        if one.delivered >= since, one.delivered < until {
            deliveries.append(
                DeploymentHistory.Delivered(
                    at: one.delivered, length: one.timeToDeliver))
        }
        if one.lost >= since, one.lost < until { losses.append(one.lost) }
    }

    /// Puts them in the order of leaving and of ending: blocks come in that of arrival.
    package mutating func sort() {
        queued.sort { $0.left < $1.left }
        ended.sort { $0.ended < $1.ended }
        losses.sort()
        deliveries.sort { $0.at < $1.at }
    }
}
