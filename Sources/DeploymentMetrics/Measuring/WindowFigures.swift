import Ledger
package import Queries

/// The figures of a window, before targets and words.
package struct WindowFigures {
    /// How long the commands of successful deployments of a tier ran.
    package struct Tier {
        package let tier: String?
        package let lengths: Percentiles
        /// How many were quicker than the tier's lower bound.
        package let tooQuick: Int64
        /// How many have no usable length; in no figure.
        package let unusable: Int64
        /// Of those that ended otherwise, how many ran for longer than they should.
        package let hung: Int64
        /// The longest of these, in microseconds.
        package let longestHung: Int64?
    }

    /// What the skip rate is made of.
    package struct Skips {
        /// Left out for good, of all that ended.
        package let rate: Rate
        /// How many were left out for good in each of the ways, in the order of `Outcome.leftOut`.
        package let ways: [Int64]
        /// Stepped aside, and their commit was delivered by the end of the chain.
        package let batched: Int64
        /// Stepped aside for one that is in flight.
        package let pending: Int64
        /// Refused because the lock could not be used.
        package let unusable: Int64
        /// Refused because deployments were frozen.
        package let frozen: Int64
        /// How many were left out for good for which reason.
        package let reasons: [(reason: String, count: Int64)]
    }

    /// What the time to deliver is made of.
    package struct Deliveries {
        /// From the first request to the delivery, of commits delivered in the window.
        package let lengths: Percentiles
        /// Commits first asked for in the window that were not delivered at its end.
        package let undelivered: Int64
        /// The age of the oldest of these, in microseconds.
        package let oldest: Int64?
        /// Successes in the window whose commit had been delivered before.
        package let repeated: Int64
        /// Successes in the window that named no commit.
        package let withoutCommit: Int64
    }

    /// The time that freezes took.
    package struct Frozen: Hashable {
        package let n: Int64
        /// In microseconds.
        package let total: Int64
        package let longest: Int64
    }

    /// A queue over time.
    package struct Queue {
        package let lock: String?
        /// How many queued or went straight through.
        package let n: Int64
        /// Waiters at the end.
        package let now: Int64
        /// Most waiters at a time.
        package let max: Int64
        /// Mean over time.
        package let mean: Double
        /// Share of the time with a long queue.
        package let share: Double
    }

    /// A part of a whole.
    package struct Rate: Hashable {
        package let part: Int64
        package let whole: Int64
    }

    /// How long those waited that left the queue.
    package let waits: Percentiles
    /// Of these, cut off by a timeout.
    package let censored: Int64
    /// How many left the queue without a usable wait; in no figure.
    package let unusableWaits: Int64
    /// How many stepped aside after a wait; in none of the waits.
    package let supersededWaits: Int64
    /// The longest of these waits, in microseconds.
    package let longestSupersededWait: Int64?
    /// By the name of the tier, those without one last.
    package let durations: [Tier]
    /// The longest first.
    package let queues: [Queue]
    /// Who was left out.
    package let skips: Skips
    /// Those that succeeded, of all that had the lock and ended.
    package let successes: Rate
    /// Why the others did not, each reason with how many; the most usual reasons first.
    package let failures: [(reason: String, count: Int64)]
    /// Of these, after how many an older version was put back, or that was tried.
    package let rolledBack: Int64
    /// Of these rollbacks, how many failed.
    package let failedRollbacks: Int64
    /// How many a freeze held back that left the queue, whatever came of them.
    package let frozen: Frozen
    /// When commits were delivered.
    package let deliveries: Deliveries
    /// Those that gave up waiting, of all that waited for their turn.
    package let timeouts: Rate
    /// Of those that waited for their turn, the ones that got the lock.
    package let acquired: Int64
    /// Of those that waited for their turn, the ones that were cancelled.
    package let cancelled: Int64
    /// Those that were ended because they ran too long, of all that had the lock and ended.
    package let overruns: Rate
    /// Those that became orphans, of these and all others that had the lock and ended.
    package let orphans: Rate

    /// Measures a window.
    ///
    /// - Parameters:
    ///   - waiting: who waits at the end of the window, the dead left out.
    ///   - summaries: whether summaries may be read.
    package init(
        _ source: MeasureSource, waiting: [InFlightDeployment], summaries: Bool = true
    ) throws(ReportError) {
        let measured = try source.measure(
            WindowMeasures(window: source.window, knownUntil: source.knownUntil),
            summaries: summaries)
        let sink = measured.sink
        var waits = sink.waits
        self.waits = Percentiles(&waits)
        censored = sink.censored
        unusableWaits = sink.unusableWaits
        durations = Self.durations(sink, source.targets)
        queues = Self.queues(source, sink.queues, measured.locks, waiting)
        let kinds = measured.kinds
        func count(_ counts: [Int64], _ condition: (DeploymentKind) -> Bool) -> Int64 {
            kinds.indices.reduce(0) { $0 + (condition(kinds[$1]) ? counts[$1] : 0) }
        }
        supersededWaits = sink.supersededWaits.n
        longestSupersededWait = sink.supersededWaits.max
        skips = Self.skips(sink, kinds)
        successes = Rate(
            part: count(sink.ended) { $0.hadLock && $0.succeeded },
            whole: count(sink.ended) { $0.hadLock && $0.hasEnded })
        failures = FailureReason.allCases.compactMap { reason in
            let times = count(sink.ended) { $0.hadLock && $0.failureReason == reason }
            return times == 0 ? nil : (reason.rawValue, times)
        }
        rolledBack = count(sink.ended, \.wasRolledBack)
        failedRollbacks = count(sink.ended, \.rollbackFailed)
        frozen = Frozen(
            n: sink.frozen.n, total: sink.frozen.sum, longest: sink.frozen.max ?? 0)
        var lengths = sink.deliveries
        deliveries = Deliveries(
            lengths: Percentiles(&lengths), undelivered: sink.undelivered.n,
            oldest: sink.undelivered.max,
            repeated: count(sink.ended, \.repeatsDelivery),
            withoutCommit: count(sink.ended) { $0.succeeded && !$0.isRequest })
        timeouts = Rate(
            part: count(sink.leftQueue, \.timedOut), whole: count(sink.leftQueue, \.countsAsWait))
        acquired = count(sink.leftQueue, \.hadLock)
        cancelled = count(sink.leftQueue, \.wasCancelledWaiting)
        overruns = Rate(
            part: count(sink.ended) { $0.hadLock && $0.overran },
            whole: count(sink.ended, \.hadLock))
        let lost = sink.lost.reduce(0, +)
        orphans = Rate(
            part: lost + count(sink.ended, \.isOrphanedAtItsEnd),
            whole: lost + count(sink.ended, \.countsForOrphansAtItsEnd))
    }

    private static func skips(_ sink: WindowMeasures, _ kinds: [DeploymentKind]) -> Skips {
        var counts: [DeploymentKind.Skip: Int64] = [:]
        var ways = [Int64](repeating: 0, count: Outcome.leftOut.count)
        var byReason: [[UInt8]: (reason: String, count: Int64)] = [:]
        for (kind, times) in zip(kinds, sink.ended) where times > 0 && kind.hasEnded {
            counts[kind.skip, default: 0] += times
            guard kind.skip == .leftOut else { continue }
            if let way = Outcome.leftOut.firstIndex(where: { $0.rawValue == kind.outcome }) {
                ways[way] += times
            }
            let reason = kind.reason ?? kind.outcome ?? ""
            byReason[Array(reason.utf8), default: (reason, 0)].count += times
        }
        return Skips(
            rate: Rate(
                part: counts[.leftOut] ?? 0,
                whole: counts.reduce(0) { $0 + ($1.key.counts ? $1.value : 0) }),
            ways: ways, batched: counts[.batched] ?? 0, pending: counts[.pending] ?? 0,
            unusable: counts[.unusable] ?? 0, frozen: counts[.frozen] ?? 0,
            reasons: byReason.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value))
    }

    private static func durations(_ sink: WindowMeasures, _ targets: Targets) -> [Tier] {
        let tiers = sink.tiers.indices.compactMap { place -> Tier? in
            var lengths = sink.durations[place]
            let unusable = sink.unusableDurations[place]
            let tier = sink.tiers[place]
            let limit = targets.duration(of: tier)?.upper ?? lengths.max()
            let hung = limit.map { limit in sink.otherEnds[place].filter { $0 > limit } } ?? []
            guard !lengths.isEmpty || unusable > 0 || !hung.isEmpty else { return nil }
            let tooQuick = targets.duration(of: tier).map { target in
                lengths.count { $0 < target.lower }
            }
            return Tier(
                tier: tier, lengths: Percentiles(&lengths), tooQuick: Int64(tooQuick ?? 0),
                unusable: unusable, hung: Int64(hung.count), longestHung: hung.max())
        }
        return tiers.sorted { isBefore($0.tier, $1.tier) }
    }

    private static func queues(
        _ source: MeasureSource, _ measured: [QueueSteps], _ names: [String?],
        _ waiting: [InFlightDeployment]
    ) -> [Queue] {
        let (since, until) = (source.window.since, source.knownUntil)
        // What has not happened yet has no length, and would water the means down.
        guard since < until else { return [] }
        var queues = measured
        var locks = StringInterner()
        for name in names { _ = locks.place(of: name) }
        for waiter in waiting {
            guard let asked = waiter.since, asked < until else { continue }
            let place = locks.place(of: waiter.lock)
            if place == queues.count { queues.append(QueueSteps()) }
            queues[place].n += 1
            queues[place].add(from: max(asked, since).microseconds, to: until.microseconds)
        }
        let length = Double(until.microseconds - since.microseconds)
        return queues.indices.filter { queues[$0].n > 0 }.map { place in
            let figures = queues[place].figures(until: until.microseconds)
            return Queue(
                lock: locks.texts[place], n: queues[place].n, now: figures.now, max: figures.max,
                mean: Double(figures.area) / length, share: Double(figures.longTime) / length)
        }
        .sorted { left, right in
            if left.max != right.max { return left.max > right.max }
            if left.share != right.share { return left.share > right.share }
            if left.mean != right.mean { return left.mean > right.mean }
            return isBefore(left.lock, right.lock)
        }
    }

    /// Names by their bytes, as SQLite sorts them, nothing last.
    private static func isBefore(_ left: String?, _ right: String?) -> Bool {
        guard let left, let right else { return left != nil && right == nil }
        return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
