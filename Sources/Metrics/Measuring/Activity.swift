package import Ledger
package import Queries
import SQLite

/// What happened in a stretch of time, deployment by deployment: what charts and trends are made of.
package struct Activity {
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

        /// - Parameters:
        ///   - held: nil when that is not known.
        ///   - tier: nil for none.
        init(
            ended: Int64, held: Int64?, outcome: Outcome?, tier: Int?, countsForOrphans: Bool
        ) {
            self.ended = ended
            knownHeld = held ?? .min
            knownTier = tier.map { Int32($0) } ?? -1
            self.outcome = outcome
            self.countsForOrphans = countsForOrphans
        }

        /// How long it had the lock; nil when that is not known.
        package var held: Int64? { knownHeld == .min ? nil : knownHeld }
        /// What kind it was, as a place in `tiers`; nil for none.
        package var tier: Int? { knownTier < 0 ? nil : Int(knownTier) }
    }

    /// In order of leaving.
    package let queued: [Queued]
    /// In order of ending.
    package let ended: [Ended]
    /// When wrappers were lost while their deployments had the lock, in order.
    package let losses: [Int64]
    /// Names of the kinds of deployment.
    package let tiers: [String]
    /// Who still waits: since when, and in which queue.
    package let waiting: [(asked: Int64, queue: Int)]
    /// The end of the time that can be known.
    package let knownUntil: Int64

    /// Asks the ledger for the window of `source`.
    ///
    /// - Parameter readsBlocks: whether it comes from blocks of deployments where these have it,
    ///   which takes a fraction of the time.
    package init(
        _ source: ReportSource, _ inFlight: InFlight, readsBlocks: Bool = true
    ) throws(ReportError) {
        knownUntil = source.knownUntil.microseconds
        var locks = SeenTexts()
        if readsBlocks, source.filter.isEmpty, let scan = try Self.scan(source) {
            queued = scan.queued
            ended = scan.ended
            losses = scan.losses
            tiers = scan.tiers.texts
            locks = scan.locks
        } else {
            queued = try Self.queued(source, among: &locks)
            var tiers = SeenTexts()
            ended = try Self.ended(source, among: &tiers)
            self.tiers = tiers.texts
            losses = try Self.losses(source)
        }
        let dead = Set(source.deadWaiters)
        waiting = inFlight.deployments.compactMap { deployment in
            guard !deployment.isRunning, !dead.contains(deployment.id),
                let asked = deployment.since, let lock = deployment.lock
            else { return nil }
            return (asked.microseconds, locks.place(of: lock))
        }
    }

    /// Nil when a block is not understood.
    private static func scan(_ source: ReportSource) throws(ReportError) -> ActivityScan? {
        var blocks = BlockScan(
            source.blocks, since: source.window.since, until: source.window.until)
        var activity = ActivityScan(window: source.window, capacity: try blocks.mostDeployments())
        let isRead = try blocks.read(into: &activity)
        activity.sort()
        return isRead ? activity : nil
    }

    private static func queued(
        _ source: ReportSource, among locks: inout SeenTexts
    ) throws(ReportError) -> [Queued] {
        let run = try source.run("report-queue")
        var queued: [Queued] = []
        while try run.step() {
            // What a damaged record claims is kept within the calendar.
            let left = Instant(microseconds: run.integer(at: 0) ?? 0).microseconds
            let asked = Instant(microseconds: run.integer(at: 1) ?? left).microseconds
            queued.append(
                Queued(
                    left: left, asked: asked, wait: run.integer(at: 2),
                    timedOut: run.integer(at: 3) == 1, counts: run.integer(at: 4) == 1,
                    queue: run.text(at: 5, among: &locks)))
        }
        return queued
    }

    private static func ended(
        _ source: ReportSource, among tiers: inout SeenTexts
    ) throws(ReportError) -> [Ended] {
        var outcomes = SeenTexts()
        let run = try source.run("report-ended")
        var ended: [Ended] = []
        var known: [Outcome?] = []
        while try run.step() {
            let outcome = run.text(at: 2, among: &outcomes)
            if known.count < outcomes.texts.count {
                known = outcomes.texts.map { Outcome(rawValue: $0) }
            }
            ended.append(
                Ended(
                    ended: run.integer(at: 0) ?? 0, held: run.integer(at: 1),
                    outcome: outcome.flatMap { known[$0] }, tier: run.text(at: 3, among: &tiers),
                    countsForOrphans: run.integer(at: 4) == 1))
        }
        return ended
    }

    private static func losses(_ source: ReportSource) throws(ReportError) -> [Int64] {
        let run = try source.run("report-losses")
        var losses: [Int64] = []
        while try run.step() { losses.append(run.integer(at: 0) ?? 0) }
        return losses
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

    /// When wrappers were lost in a part of the time.
    package func losses(in window: Window) -> ArraySlice<Int64> {
        let first = losses.firstPlace { $0 >= window.since.microseconds }
        return losses[first..<losses.firstPlace { $0 >= window.until.microseconds }]
    }
}

extension ReportSource {
    /// A query about the window and the filter, under way.
    fileprivate func run(_ name: String) throws(ReportError) -> QueryRun {
        var values = filter.parameters
        values["since"] = .integer(window.since.microseconds)
        values["until"] = .integer(window.until.microseconds)
        return try QueryRun(NamedQuery.named(name), on: connection, values)
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
