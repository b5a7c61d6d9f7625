import DeployLock

/// What --max-queue makes of the queue at the moment of a request.
///
/// Taken while the queue's gate is held, so that of two that arrive at once one sees the other.
struct SkipDecision: Sendable {
    let limit: QueueLimit?
    /// Who was ahead; nil while nobody has looked.
    private(set) var pending: PendingDeployments?

    init(_ limit: QueueLimit?) {
        self.limit = limit
    }

    /// Those who are too many; nil when the newcomer may join.
    var excess: PendingDeployments? {
        guard let limit, let pending, pending.count >= limit.count else { return nil }
        return pending
    }

    /// Whether the newcomer with this number may join.
    ///
    /// A queue that cannot be read does not keep anybody from deploying.
    mutating func admits(_ number: Int64, to queue: WaitQueue) -> Bool {
        guard let limit else { return true }
        pending = try? PendingDeployments(before: number, in: queue, limit: limit.count)
        return excess == nil
    }
}
