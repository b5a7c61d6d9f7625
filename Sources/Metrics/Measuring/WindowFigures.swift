import Ledger
package import Queries

/// The figures of a window, before targets and words.
package struct WindowFigures {
    /// How long successful deployments of a tier had the lock.
    package struct Tier {
        package let tier: String?
        package let lengths: Percentiles
        /// How many were quicker than the tier's lower bound.
        package let tooQuick: Int64
        /// How many have no usable length; in no figure.
        package let unusable: Int64
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
    /// By the name of the tier, those without one last.
    package let durations: [Tier]
    /// The longest first.
    package let queues: [Queue]
    /// How many were left out in each of the ways, in the order of `Outcome.leftOut`.
    package let leftOut: [Int64]
    /// Of all that ended.
    package let ended: Int64
    /// How many were left out for which reason.
    package let reasons: [(reason: String, count: Int64)]
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
        durations = Self.durations(sink)
        queues = Self.queues(source, sink.queues, measured.locks, waiting)
        let kinds = measured.kinds
        func count(_ counts: [Int64], _ condition: (DeploymentKind) -> Bool) -> Int64 {
            kinds.indices.reduce(0) { $0 + (condition(kinds[$1]) ? counts[$1] : 0) }
        }
        ended = count(sink.ended, \.hasEnded)
        leftOut = Outcome.leftOut.map { way in
            count(sink.ended) { $0.outcome == way.rawValue }
        }
        var byReason: [[UInt8]: (reason: String, count: Int64)] = [:]
        for (place, kind) in kinds.enumerated() where sink.ended[place] > 0 && kind.wasLeftOut {
            let reason = kind.reason ?? kind.outcome ?? ""
            byReason[Array(reason.utf8), default: (reason, 0)].count += sink.ended[place]
        }
        reasons = byReason.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
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

    private static func durations(_ sink: WindowMeasures) -> [Tier] {
        let tiers = sink.tiers.indices.compactMap { place -> Tier? in
            var lengths = sink.durations[place]
            let unusable = sink.unusableDurations[place]
            guard !lengths.isEmpty || unusable > 0 else { return nil }
            let tier = sink.tiers[place]
            let tooQuick = Targets.duration(of: tier).map { target in
                lengths.count { $0 < target.lower }
            }
            return Tier(
                tier: tier, lengths: Percentiles(&lengths), tooQuick: Int64(tooQuick ?? 0),
                unusable: unusable)
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
