import JSON
import Ledger
import Queries
import SQLite

/// The figures of the metrics' queries, computed from blocks of deployments instead of by SQL.
///
/// They are the rows the queries of the same names give when nothing is filtered; only the time
/// they take differs.
struct BlockFigures {
    private let measures: WindowMeasures
    private let kinds: [DeploymentKind]
    private let locks: [String?]
    private let since: Instant
    private let knownUntil: Instant

    /// Reads the blocks around a window; nil when one of them is not understood.
    ///
    /// - Parameter waiting: who waits at the end of the window, the dead left out.
    package init?(
        _ blocks: DeploymentBlocks, window: Window, knownUntil: Instant,
        waiting: [InFlightDeployment]
    ) throws(ReportError) {
        var scan = BlockScan(blocks, since: window.since, until: window.until)
        var measures = WindowMeasures(window: window, knownUntil: knownUntil)
        guard try scan.read(into: &measures) else { return nil }
        var locks = scan.locks
        for waiter in waiting {
            guard let asked = waiter.since, asked < knownUntil else { continue }
            let name = waiter.lock.map { Array($0.utf8) }
            let known = locks.firstIndex { $0.map { Array($0.utf8) } == name }
            if known == nil {
                locks.append(waiter.lock)
                measures.prepare(kinds: scan.kinds, locks: locks)
            }
            let place = known ?? locks.count - 1
            measures.queues[place].n += 1
            measures.queues[place].add(
                from: max(asked, window.since).microseconds, to: knownUntil.microseconds)
        }
        self.measures = measures
        self.locks = locks
        kinds = scan.kinds
        since = window.since
        self.knownUntil = knownUntil
    }

    /// The rows of the query of that name; nil when they cannot be had from blocks.
    package func rows(_ query: NamedQuery) -> [QueryRow]? {
        let rows: [[Value]]? =
            switch query.name {
            case "lock-wait-time": [lockWaitTime()]
            case "deployment-duration": deploymentDuration()
            case "queue-length": queueLength()
            case "skip-rate": [skipRate()]
            case "timeout-rate": [timeoutRate()]
            case "overruns": [overruns()]
            case "orphan-rate": [orphanRate()]
            default: nil
            }
        return rows.map { $0.map { QueryRow(query: query, values: $0) } }
    }

    private func lockWaitTime() -> [Value] {
        var waits = measures.waits
        let figures = Percentiles(&waits)
        return [
            .integer(figures.n), Value(figures.p50), Value(figures.p95), Value(figures.max),
            .integer(measures.censored), .integer(measures.unusableWaits),
        ]
    }

    private func deploymentDuration() -> [[Value]] {
        let places = measures.tiers.indices
            .filter { !measures.durations[$0].isEmpty || measures.unusableDurations[$0] > 0 }
            .sorted { SQLOrder.isBefore(measures.tiers[$0], measures.tiers[$1], nullsLast: true) }
        return places.map { place in
            let tier = measures.tiers[place]
            var lengths = measures.durations[place]
            let bound = DeploymentDuration.bounds.first { $0.tier == tier }?.lower
            let tooQuick = bound.map { bound in lengths.count { $0 < bound } } ?? 0
            let figures = Percentiles(&lengths)
            return [
                Value(tier), .integer(figures.n), Value(figures.p50), Value(figures.p95),
                Value(figures.max), .integer(Int64(tooQuick)),
                .integer(measures.unusableDurations[place]),
            ]
        }
    }

    private func queueLength() -> [[Value]] {
        let length = Double(knownUntil.microseconds - since.microseconds)
        var found: [(lock: String?, n: Int64, figures: QueueSteps.Figures)] = []
        for place in locks.indices where measures.queues[place].n > 0 {
            var queue = measures.queues[place]
            let figures = queue.figures(until: knownUntil.microseconds)
            found.append((locks[place], queue.n, figures))
        }
        found.sort { left, right in
            let (a, b) = (left.figures, right.figures)
            if a.max != b.max { return a.max > b.max }
            if a.longTime != b.longTime { return a.longTime > b.longTime }
            if a.area != b.area { return a.area > b.area }
            return SQLOrder.isBefore(left.lock, right.lock, nullsLast: false)
        }
        return found.map { queue in
            [
                Value(queue.lock), .integer(queue.n), .integer(queue.figures.now),
                .integer(queue.figures.max), .real(Double(queue.figures.area) / length),
                .real(Double(queue.figures.longTime) / length),
            ]
        }
    }

    /// How many of the kinds that satisfy a condition.
    private func count(_ counts: [Int64], _ condition: (DeploymentKind) -> Bool) -> Int64 {
        kinds.indices.reduce(0) { $0 + (condition(kinds[$1]) ? counts[$1] : 0) }
    }

    private func sum(_ counts: [Int64], _ condition: (DeploymentKind) -> Bool) -> Value {
        .integer(count(counts, condition))
    }

    private func skipRate() -> [Value] {
        let ways = ["skipped", "superseded", "refused"]
        var reasons: [(key: String, count: Int64)] = []
        // By their bytes, as SQLite tells texts apart.
        var places: [[UInt8]: Int] = [:]
        for (place, kind) in kinds.enumerated() where measures.ended[place] > 0 {
            guard let outcome = kind.outcome, ways.contains(outcome) else { continue }
            let reason = kind.reason ?? outcome
            let known = places[Array(reason.utf8), default: reasons.count]
            if known == reasons.count {
                places[Array(reason.utf8)] = known
                reasons.append((reason, 0))
            }
            reasons[known].count += measures.ended[place]
        }
        reasons.sort { SQLOrder.isBefore($0.key, $1.key, nullsLast: false) }
        let counts = JSONValue.object(reasons.map { ($0.key, .integer($0.count)) })
        return [sum(measures.ended) { $0.outcome != nil }]
            + ways.map { way in sum(measures.ended) { $0.outcome == way } } + [.text(counts.line)]
    }

    private func timeoutRate() -> [Value] {
        [
            sum(measures.leftQueue, \.countsAsWait), sum(measures.leftQueue, \.hadLock),
            sum(measures.leftQueue) { $0.outcome == "timed_out" },
            sum(measures.leftQueue) { !$0.hadLock && $0.outcome == "cancelled" },
        ]
    }

    private func overruns() -> [Value] {
        [sum(measures.ended, \.hadLock), sum(measures.ended) { $0.hadLock && $0.overran }]
    }

    private func orphanRate() -> [Value] {
        let lost = measures.lost.reduce(0, +)
        return [
            .integer(lost + count(measures.ended, \.countsForOrphansAtItsEnd)),
            .integer(lost + count(measures.ended, \.isOrphanedAtItsEnd)),
        ]
    }
}

/// The order SQLite has for texts: by their bytes.
enum SQLOrder {
    /// Whether one text comes before another.
    static func isBefore(_ left: String?, _ right: String?, nullsLast: Bool) -> Bool {
        guard let left else { return !nullsLast && right != nil }
        guard let right else { return nullsLast }
        return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
