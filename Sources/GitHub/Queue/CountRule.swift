import Wording

/// Which of the runs that GitHub has as pending count.
package struct CountRule: Sendable {
    /// Statuses that do not, such as `waiting` for an approval.
    private let ignored: [String]
    /// How old one may be, in µs; nil for any age.
    private let maxAge: Int64?

    /// - Parameters:
    ///   - ignored: statuses that do not count.
    ///   - maxAge: how old one may be, in µs; nil for any age.
    package init(ignored: [String], maxAge: Int64?) {
        self.ignored = ignored
        self.maxAge = maxAge
    }

    /// Takes what does not count out of the queue; one whose age is unknown is not too old.
    ///
    /// - Parameter now: wall clock in µs.
    package func counted(_ queue: DeployQueue, now: Int64) -> DeployQueue {
        var counted = queue
        counted.entries = []
        for entry in queue.entries {
            if let why = reason(entry, now) {
                counted.leftOut.append((entry, why))
            } else {
                counted.entries.append(entry)
            }
        }
        return counted
    }

    private func reason(_ entry: QueueEntry, _ now: Int64) -> DeployQueue.Reason? {
        if ignored.contains(entry.status) { return .status(entry.status) }
        if let maxAge, let age = entry.age(at: now), age > maxAge { return .age(maxAge) }
        return nil
    }
}

extension DeployQueue {
    /// Why a run does not count.
    package enum Reason: Hashable, Sendable {
        /// It has this status.
        case status(String)
        /// Older than this many µs.
        case age(Int64)

        /// For people.
        package var words: String {
            switch self {
            case .status(let status): status
            case .age(let limit): "older than \(DurationText.text(microseconds: limit))"
            }
        }
    }

    /// How many do not count, by reason: `2 waiting, 1 older than 6h`; nil when all count.
    package var leftOutWords: String? {
        if leftOut.isEmpty { return nil }
        var counts: [(reason: Reason, count: Int)] = []
        for (_, reason) in leftOut {
            if let index = counts.firstIndex(where: { $0.reason == reason }) {
                counts[index].count += 1
            } else {
                counts.append((reason, 1))
            }
        }
        return counts.map { "\($0.count) \($0.reason.words)" }.joined(separator: ", ")
    }
}
