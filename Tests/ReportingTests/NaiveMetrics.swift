import Ledger
import Metrics
import Reporting

/// The six metrics computed a second time, from the plans and as slowly as the definitions read.
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
            ended.filter { $0.outcome == .succeeded && $0.facts.tier == tier }.compactMap(\.held))
    }

    func tooQuick(tier: String, seconds: Int) -> Int {
        ended.count {
            $0.outcome == .succeeded && $0.facts.tier == tier && $0.held ?? 0 < seconds
        }
    }

    var skips: (part: Int, whole: Int) {
        let left = ended.count { [.skipped, .superseded, .refused].contains($0.outcome) }
        return (left, ended.count)
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
                waiters.count { $0.asked <= second && second < $0.left ?? until }
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
