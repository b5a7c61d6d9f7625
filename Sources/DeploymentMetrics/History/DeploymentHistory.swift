package import Ledger
package import Queries
import SQLite

/// What happened in a stretch of time, deployment by deployment: what charts and trends are made of.
package struct DeploymentHistory {
    // Years have millions of these, so what is unknown is a number of its own and not an Optional,
    // which would make them half as large again.

    /// One that left the queue, or was in it at the end and left later.
    package struct Queued: Hashable {
        /// When it left; microseconds since 1970, as all times here.
        package let left: Int64
        let asked: Int64
        private let knownWait: Int64
        private let knownQueue: Int32
        /// Whether a timeout ended the wait.
        package let timedOut: Bool
        /// Whether it is one of those that the wait times are about.
        package let counts: Bool

        /// - Parameters:
        ///   - wait: nil when that is not known.
        ///   - queue: nil when it went straight through.
        init(
            left: Int64, asked: Int64, wait: Int64?, timedOut: Bool, counts: Bool, queue: Int?
        ) {
            self.left = left
            self.asked = asked
            knownWait = wait ?? .min
            knownQueue = queue.map { Int32($0) } ?? -1
            self.timedOut = timedOut
            self.counts = counts
        }

        /// How long it waited; nil when that is not known.
        package var wait: Int64? { knownWait == .min ? nil : knownWait }
        /// Which queue it waited in, as a place among the locks; nil when it went straight through.
        var queue: Int? { knownQueue < 0 ? nil : Int(knownQueue) }
    }

    /// One that ended.
    package struct Ended: Hashable {
        package let ended: Int64
        private let knownHeld: Int64
        private let knownTier: Int32
        package let outcome: Outcome?
        /// Whether the orphan rate counts it when it ends: it had the lock, and its wrapper was not
        /// lost before.
        let countsForOrphans: Bool
        /// What the skip rate makes of it.
        let skip: DeploymentKind.Skip
        /// Whether it had the lock.
        let hadLock: Bool

        /// - Parameters:
        ///   - held: nil when that is not known.
        ///   - tier: nil for none.
        init(
            ended: Int64, held: Int64?, outcome: Outcome?, tier: Int?, countsForOrphans: Bool,
            skip: DeploymentKind.Skip, hadLock: Bool
        ) {
            self.ended = ended
            knownHeld = held ?? .min
            knownTier = tier.map { Int32($0) } ?? -1
            self.outcome = outcome
            self.countsForOrphans = countsForOrphans
            self.skip = skip
            self.hadLock = hadLock
        }

        /// How long it had the lock; nil when that is not known.
        package var held: Int64? { knownHeld == .min ? nil : knownHeld }
        /// What kind it was, as a place in `tiers`; nil for none.
        package var tier: Int? { knownTier < 0 ? nil : Int(knownTier) }
    }

    /// A commit that was delivered.
    package struct Delivered: Hashable {
        /// When.
        let at: Int64
        /// How long after the first request for it.
        let length: Int64
    }

    /// In order of leaving.
    package let queued: [Queued]
    /// In order of ending.
    package let ended: [Ended]
    /// When wrappers were lost while their deployments had the lock, in order.
    package let losses: [Int64]
    /// When commits were delivered, in order.
    let deliveries: [Delivered]
    /// Names of the kinds of deployment.
    package let tiers: [String]
    /// Who still waits: since when, and in which queue.
    package let waiting: [(asked: Int64, queue: Int)]
    /// The end of the time that can be known.
    package let knownUntil: Int64

    /// Asks the ledger for the window of `source`.
    ///
    /// - Parameter summaries: whether summaries may be read.
    package init(
        _ source: MeasureSource, _ inFlight: InFlight, summaries: Bool = true
    ) throws(ReportError) {
        knownUntil = source.knownUntil.microseconds
        var scan = try source.measure(HistoryScan(window: source.window), summaries: summaries).sink
        scan.sort()
        queued = scan.queued
        ended = scan.ended
        losses = scan.losses
        deliveries = scan.deliveries
        tiers = scan.tiers.texts.compactMap { $0 }
        var locks = scan.locks
        waiting = inFlight.liveWaiters.compactMap { deployment in
            guard let asked = deployment.since, let lock = deployment.lock else { return nil }
            return (asked.microseconds, locks.place(of: lock))
        }
    }

    /// Those that left the queue in a part of the time.
    package func queued(in window: Window) -> ArraySlice<Queued> {
        let first = queued.firstPlace { $0.left >= window.since.microseconds }
        return queued[first..<queued.firstPlace { $0.left >= window.until.microseconds }]
    }

    /// Those that ended in a part of the time.
    package func ended(in window: Window) -> ArraySlice<Ended> {
        let first = ended.firstPlace { $0.ended >= window.since.microseconds }
        return ended[first..<ended.firstPlace { $0.ended >= window.until.microseconds }]
    }

    /// The commits that were delivered in a part of the time.
    func deliveries(in window: Window) -> ArraySlice<Delivered> {
        let first = deliveries.firstPlace { $0.at >= window.since.microseconds }
        return deliveries[first..<deliveries.firstPlace { $0.at >= window.until.microseconds }]
    }

    /// When wrappers were lost in a part of the time.
    package func losses(in window: Window) -> ArraySlice<Int64> {
        let first = losses.firstPlace { $0 >= window.since.microseconds }
        return losses[first..<losses.firstPlace { $0 >= window.until.microseconds }]
    }
}

extension Array {
    /// The place of the first element for which something holds that, once it does, holds for all
    /// after it; the end when there is none.
    func firstPlace(where isReached: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isReached(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
