import Ledger

/// Collects from blocks of deployments what `Activity` otherwise asks its queries for.
struct ActivityScan: MeasureSink {
    private let since: Int64
    private let until: Int64
    private var kinds: [(kind: DeploymentKind, outcome: Outcome?, tier: Int?)] = []
    private var lockPlaces: [Int?] = []
    private(set) var queued: [Activity.Queued] = []
    private(set) var ended: [Activity.Ended] = []
    /// The locks, in the order they came.
    private(set) var locks = SeenTexts()
    /// The kinds of deployment, in the order they came.
    private(set) var tiers = SeenTexts()

    init(window: Window) {
        since = window.since.microseconds
        until = window.until.microseconds
    }

    mutating func prepare(kinds all: [DeploymentKind], locks allLocks: [String?]) {
        for lock in allLocks[lockPlaces.count...] {
            lockPlaces.append(lock.map { locks.place(of: $0) })
        }
        for kind in all[kinds.count...] {
            let outcome = kind.outcome.flatMap { Outcome(rawValue: $0) }
            kinds.append((kind, outcome, kind.tier.map { tiers.place(of: $0) }))
        }
    }

    mutating func add(_ one: MeasuredDeployment) {
        let unknown = MeasuredDeployment.unknown
        let (kind, outcome, tier) = kinds[one.kind]
        let wasThere = one.requested != unknown && one.requested < until
        if kind.wasInQueue, one.queueLeft >= since, one.queueLeft < until || wasThere {
            // What a damaged record claims is kept within the calendar.
            let left = Instant(microseconds: one.queueLeft).microseconds
            let asked =
                one.requested == unknown
                ? left : Instant(microseconds: one.requested).microseconds
            queued.append(
                Activity.Queued(
                    left: left, asked: asked, wait: one.wait == unknown ? nil : one.wait,
                    timedOut: outcome == .timedOut, counts: kind.countsAsWait,
                    queue: kind.wentStraightThrough ? nil : lockPlaces[one.lock]))
        }
        if kind.outcome != nil, one.ended >= since, one.ended < until {
            ended.append(
                Activity.Ended(
                    ended: one.ended, held: one.held == unknown ? nil : one.held,
                    outcome: outcome, tier: tier,
                    hadLock: kind.hadLock || outcome == .orphaned))
        }
    }
    /// Puts them in the order of leaving and of ending: blocks come in that of arrival.
    mutating func sort() {
        queued.sort { $0.left < $1.left }
        ended.sort { $0.ended < $1.ended }
    }
}
