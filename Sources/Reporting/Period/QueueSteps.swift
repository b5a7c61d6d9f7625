/// How long queues were over time, as the queue length counts it: up when somebody asks, down when
/// somebody leaves, who leaves making place first.
struct QueueSteps {
    /// Changes of each queue in order of time.
    private let queues: [[(at: Int64, step: Int)]]

    init(_ activity: Activity) {
        var changes: [Int: [(at: Int64, step: Int)]] = [:]
        func add(_ queue: Int, _ from: Int64, _ to: Int64) {
            guard to > from else { return }
            changes[queue, default: []].append((from, 1))
            changes[queue, default: []].append((to, -1))
        }
        for waiter in activity.queued {
            if let queue = waiter.queue { add(queue, waiter.asked, waiter.left) }
        }
        for waiter in activity.waiting { add(waiter.queue, waiter.asked, activity.knownUntil) }
        queues = changes.values.map { $0.sorted { ($0.at, $0.step) < ($1.at, $1.step) } }
    }

    /// The most that waited at a time in one queue, between every two of these moments.
    func highest(between edges: [Int64]) -> [Int] {
        guard edges.count > 1 else { return [] }
        var highest = [Int](repeating: 0, count: edges.count - 1)
        for changes in queues {
            var length = 0
            var next = changes.startIndex
            for index in highest.indices {
                // Who comes or goes at the very start belongs to the part that starts.
                while next < changes.endIndex, changes[next].at <= edges[index] {
                    length += changes[next].step
                    next += 1
                }
                highest[index] = max(highest[index], length)
                while next < changes.endIndex, changes[next].at < edges[index + 1] {
                    length += changes[next].step
                    highest[index] = max(highest[index], length)
                    next += 1
                }
            }
        }
        return highest
    }
}
