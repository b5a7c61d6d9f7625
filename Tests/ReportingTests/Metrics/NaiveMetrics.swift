import Ledger
import DeploymentMetrics
import Reporting

/// The metrics computed a second time, from the plans and as slowly as the definitions read.
struct NaiveMetrics {
    let plans: [PlannedDeployment]
    let since: Int
    let until: Int
    var dead: Set<String> = []

    struct Lengths: Equatable {
        var n = 0
        var p50: Quantity?
        var p95: Quantity?
        var max: Quantity?
        var mean: Quantity?

        init(_ seconds: [Int]) {
            let sorted = seconds.sorted()
            n = sorted.count
            func nearestRank(_ percent: Int) -> Quantity? {
                // The smallest value that at least this share does not exceed.
                sorted.first { value in
                    sorted.count(where: { $0 <= value }) * 100 >= percent * n
                }.map { .duration(Int64($0) * 1_000_000) }
            }
            p50 = nearestRank(50)
            p95 = nearestRank(95)
            max = nearestRank(100)
            if n > 0 {
                mean = .duration(Int64(seconds.map { $0 * 1_000_000 }.reduce(0, +) / n))
            }
        }
    }

    private func isInside(_ moment: Int?) -> Bool {
        moment.map { $0 >= since && $0 < until } ?? false
    }

    private var leftQueue: [PlannedDeployment] {
        plans.filter {
            isInside($0.left) && ($0.hadLock || [.timedOut, .cancelled].contains($0.outcome))
        }
    }

    private var ended: [PlannedDeployment] { plans.filter { isInside($0.ended) } }

    var waits: Lengths { Lengths(leftQueue.map(\.wait)) }

    func durations(tier: String?) -> Lengths {
        Lengths(
            ended.filter { $0.outcome == .succeeded && $0.facts.tier == tier }
                .compactMap { $0.command ?? $0.held })
    }

    func tooQuick(tier: String, seconds: Int) -> Int {
        ended.count {
            $0.outcome == .succeeded && $0.facts.tier == tier
                && $0.command ?? $0.held ?? 0 < seconds
        }
    }

    /// All plans, also those that are not selected: these may be covers.
    var all: [PlannedDeployment] = []

    /// The end of the chain of those that each stepped aside for the next; nil when there is none.
    private func cover(of plan: PlannedDeployment) -> PlannedDeployment? {
        var (seen, next) = (Set<Int>(), plan.cover)
        while let place = next, seen.insert(place).inserted {
            if all[place].outcome != .superseded { return all[place] }
            next = all[place].cover
        }
        return nil
    }

    private func skip(_ plan: PlannedDeployment) -> String {
        switch plan.outcome {
        case .skipped: return "left out"
        case .refused: return plan.refusal == "no-wait" ? "left out" : plan.refusal
        case .superseded:
            guard let end = cover(of: plan) else { return "left out" }
            return end.outcome == nil
                ? "pending" : end.outcome == .succeeded ? "batched" : "left out"
        default: return "carried out"
        }
    }

    var skips: (part: Int, whole: Int) {
        let words = ended.map(skip)
        return (
            words.count { $0 == "left out" },
            words.count { ["left out", "batched", "carried out"].contains($0) }
        )
    }

    func skips(_ word: String) -> Int { ended.count { skip($0) == word } }

    var successes: (part: Int, whole: Int) {
        let had = ended.filter(\.hadLock)
        return (had.count { $0.outcome == .succeeded }, had.count)
    }

    /// When the deployment's commit was delivered by it: its own end, or that of the one at the end
    /// of its chain.
    private func delivery(by plan: PlannedDeployment) -> Int? {
        if plan.outcome == .succeeded { return plan.ended }
        guard plan.outcome == .superseded, let end = cover(of: plan), end.outcome == .succeeded
        else { return nil }
        return end.ended
    }

    /// Of each commit under a lock: the first request and the first delivery.
    private var commits: [(first: PlannedDeployment, delivered: Int?)] {
        let named = all.filter { $0.facts.sha != nil }
        return Dictionary(grouping: named) { "\($0.facts.lock) \($0.facts.sha ?? "")" }.values
            .compactMap { same in
                guard let asked = same.map(\.asked).min(),
                    let first = same.first(where: { $0.asked == asked })
                else { return nil }
                return (first, same.compactMap(delivery).min())
            }
            .filter { commit in plans.contains { $0.id == commit.first.id } }
    }

    var timesToDeliver: Lengths {
        Lengths(
            commits.filter { isInside($0.delivered) }.compactMap { commit in
                commit.delivered.map { max(0, $0 - commit.first.asked) }
            })
    }

    /// The ages of commits first asked for in the window that were not delivered at its end.
    var undelivered: [Int] {
        commits.filter { isInside($0.first.asked) && $0.delivered ?? until >= until }
            .map { until - $0.first.asked }
    }

    var longestSupersededWait: Int? {
        plans.filter { isInside($0.left) && $0.outcome == .superseded }.map(\.wait).max()
    }

    var timeouts: (part: Int, whole: Int) {
        (leftQueue.count { $0.outcome == .timedOut }, leftQueue.count)
    }

    var overruns: (part: Int, whole: Int) {
        (ended.count(where: \.overran), ended.count(where: \.hadLock))
    }

    var orphans: (part: Int, whole: Int) {
        let orphans = plans.count { isInside($0.orphaned) }
        return (orphans, orphans + ended.count { $0.hadLock && $0.orphaned == nil })
    }

    /// How many were unhealthy, were rolled back, and of which the rollback failed.
    var lives: (unhealthy: Int, rolledBack: Int, failedRollbacks: Int) {
        let had = ended.filter(\.hadLock)
        return (
            had.count(where: \.isUnhealthy), had.count { $0.rollback != nil },
            had.count { $0.rollback ?? "done" != "done" }
        )
    }

    /// How long freezes held those back that left the queue.
    var frozen: [Int] {
        plans.filter { isInside($0.left) && $0.frozen > 0 }.map(\.frozen)
    }

    struct Queue {
        var lock = ""
        var n = 0
        var now = 0
        var max = 0
        var mean = 0.0
        var share = 0.0
    }

    /// The queues, the longest first; counted second by second.
    var queues: [Queue] {
        let present = plans.filter {
            guard let left = $0.left else { return $0.asked < until && !dead.contains($0.id) }
            return left >= since && $0.asked < until && $0.outcome != .skipped
                && $0.outcome != .refused
        }
        let queues = Set(present.map(\.facts.lock)).map { lock -> Queue in
            let here = present.filter { $0.facts.lock == lock }
            let waiters = here.filter { !($0.hadLock && $0.facts.ahead == 0 && $0.wait == 0) }
            let lengths = (since..<until).map { second in
                waiters.count { $0.asked + $0.frozen <= second && second < $0.left ?? until }
            }
            let total = Double(lengths.count)
            return Queue(
                lock: lock, n: here.count, now: lengths.last ?? 0, max: lengths.max() ?? 0,
                mean: Double(lengths.reduce(0, +)) / total,
                share: Double(lengths.count { $0 >= 3 }) / total)
        }
        return queues.sorted {
            ($0.max, $0.share, $0.mean, $1.lock) > ($1.max, $1.share, $1.mean, $0.lock)
        }
    }
}
