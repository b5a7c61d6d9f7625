/// How long queues were over time, as the queue length counts it: up when somebody asks, down when
/// somebody leaves, who leaves making place first.
package struct QueueHistory {
    /// Changes of each queue in order of time: twice the moment, and one more for who comes, so that
    /// plain numbers sort as the changes happen.
    private let queues: [[Int64]]

    package init(_ activity: DeploymentHistory) {
        var changes: [[Int64]] = []
        func add(_ queue: Int, _ from: Int64, _ to: Int64) {
            guard to > from else { return }
            while changes.count <= queue { changes.append([]) }
            changes[queue].append(from * 2 + 1)
            changes[queue].append(to * 2)
        }
        for waiter in activity.queued {
            if let queue = waiter.queue { add(queue, waiter.asked, waiter.left) }
        }
        for waiter in activity.waiting { add(waiter.queue, waiter.asked, activity.knownUntil) }
        queues = changes.map { $0.sorted() }
    }

    /// The most that waited at a time in one queue, between every two of these moments.
    package func highest(between edges: [Int64]) -> [Int] {
        guard edges.count > 1 else { return [] }
        var highest = [Int](repeating: 0, count: edges.count - 1)
        for changes in queues {
            var length = 0
            var next = changes.startIndex
            for index in highest.indices {
                // Who comes or goes at the very start belongs to the part that starts.
                while next < changes.endIndex, changes[next] >> 1 <= edges[index] {
                    length += changes[next] & 1 == 1 ? 1 : -1
                    next += 1
                }
                highest[index] = max(highest[index], length)
                while next < changes.endIndex, changes[next] >> 1 < edges[index + 1] {
                    length += changes[next] & 1 == 1 ? 1 : -1
                    highest[index] = max(highest[index], length)
                    next += 1
                }
            }
        }
        return highest
    }
}
