package import Ledger
package import Queries

/// The figures of a part of the time, as the queries of `reports/` define them.
package struct HistorySlice {
    private let queued: ArraySlice<DeploymentHistory.Queued>
    private let ended: ArraySlice<DeploymentHistory.Ended>
    private let losses: ArraySlice<Int64>
    private let deliveries: ArraySlice<DeploymentHistory.Delivered>
    private let tiers: [String]

    /// The part inside a window.
    package init(_ activity: DeploymentHistory, _ window: Window) {
        queued = activity.queued(in: window)
        ended = activity.ended(in: window)
        losses = activity.losses(in: window)
        deliveries = activity.deliveries(in: window)
        tiers = activity.tiers
    }

    /// How long those waited that left the queue.
    package var waits: Distribution {
        Distribution(lengths: queued.compactMap { $0.counts ? $0.wait : nil })
    }

    /// How many timed out, of those that the wait times are about.
    package var timeouts: (part: Int64, whole: Int64) {
        var result: (part: Int64, whole: Int64) = (0, 0)
        for one in queued where one.counts {
            result.whole += 1
            if one.timedOut { result.part += 1 }
        }
        return result
    }

    /// How many left a queue or went straight through.
    package var present: Int64 { Int64(queued.count) }

    /// How long successful deployments of a tier had the lock.
    package func durations(tier: String?) -> Distribution {
        Distribution(lengths: successes(tier).compactMap(\.held))
    }

    /// How many lengths `durations` is about.
    package func countDurations(tier: String?) -> Int {
        successes(tier).count { $0.held ?? -1 >= 0 }
    }

    private func successes(_ tier: String?) -> some Sequence<DeploymentHistory.Ended> {
        let place = tier.map { tiers.firstIndex(of: $0) ?? -1 }
        return ended.lazy.filter { $0.outcome == .succeeded && $0.tier == place }
    }

    /// How many were left out for good, of all that the skip rate is about.
    package var skips: (part: Int64, whole: Int64) {
        (Int64(ended.count { $0.skip == .leftOut }), Int64(ended.count(where: \.skip.counts)))
    }

    /// How many succeeded, of those that had the lock and ended.
    package var successes: (part: Int64, whole: Int64) {
        (
            Int64(ended.count { $0.hadLock && $0.outcome == .succeeded }),
            Int64(ended.count(where: \.hadLock))
        )
    }

    /// When those that had the lock and succeeded ended, in order.
    var successTimes: some Sequence<Int64> {
        ended.lazy.filter { $0.hadLock && $0.outcome == .succeeded }.map(\.ended)
    }

    /// How many had the lock and ended otherwise.
    package var failed: Int64 { successes.whole - successes.part }

    /// How long commits took from the first request to their delivery.
    package var timesToDeliver: Distribution { Distribution(lengths: deliveries.map(\.length)) }

    /// How many lost their wrapper, of those that had the lock; each once, when it became an orphan or
    /// else when it ended.
    package var orphans: (part: Int64, whole: Int64) {
        let lost = Int64(losses.count)
        var result: (part: Int64, whole: Int64) = (lost, lost)
        for one in ended where one.countsForOrphans {
            result.whole += 1
            if one.outcome == .orphaned { result.part += 1 }
        }
        return result
    }

    /// How many had the lock for a known time and ended.
    package var withLock: Int { ended.count { $0.held ?? -1 >= 0 } }

    /// How many ended in which way.
    package var outcomes: OutcomeCounts { OutcomeCounts(ended) }

    /// The same for each kind of deployment, in the order of the names, those without one last.
    package var outcomesByTier: [(tier: String?, counts: OutcomeCounts)] {
        Dictionary(grouping: ended) { $0.tier.map { tiers[$0] } }
            .map { ($0.key, OutcomeCounts($0.value[...])) }
            .sorted {
                ($0.tier == nil ? 1 : 0, $0.tier ?? "") < ($1.tier == nil ? 1 : 0, $1.tier ?? "")
            }
    }
}

/// How many deployments ended in which way.
package struct OutcomeCounts: Hashable, Sendable {
    package private(set) var byOutcome: [Outcome: Int64] = [:]
    /// All that ended, also in ways of a later version.
    package private(set) var total: Int64 = 0

    package init() {}

    package init(_ ended: ArraySlice<DeploymentHistory.Ended>) {
        for one in ended { add(1, one.outcome) }
    }

    package mutating func add(_ count: Int64, _ outcome: Outcome?) {
        total += count
        if let outcome { byOutcome[outcome, default: 0] += count }
    }

    package mutating func add(_ other: OutcomeCounts) {
        total += other.total
        byOutcome.merge(other.byOutcome, uniquingKeysWith: +)
    }

    /// How many ended in one of these ways.
    package func count(_ outcomes: Outcome...) -> Int64 {
        outcomes.reduce(0) { $0 + (byOutcome[$1] ?? 0) }
    }
}
